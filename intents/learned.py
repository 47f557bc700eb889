"""The learned part: linear models over n-grams of the text and over the signals of the cue tables."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from intents.catalog import INTENTS, Intent
from intents.folding import fold

Matrix = npt.NDArray[np.float64]
Signal = Mapping[str, float]

_MAX_NGRAMS = 150_000  # each of the two vectorizers; 15 weights of 2 bytes for each: 9 MB
_NGRAM_STRENGTH = 10.0  # inverse of the regularisation, found by cross-validation over unseen authors
_SIGNAL_STRENGTH = 0.06


def _vectorizers() -> dict[str, TfidfVectorizer]:
    common: dict[str, Any] = {"preprocessor": fold, "min_df": 2, "sublinear_tf": True, "max_features": _MAX_NGRAMS, "dtype": np.float32}
    return {
        "characters": TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **common),
        "words": TfidfVectorizer(ngram_range=(1, 2), **common),
    }


class Learned:
    """Two one-vs-rest logistic regressions: `by_ngrams` knows the languages it was trained on, `by_signals` any with a cue table."""

    def __init__(self) -> None:
        self._vectorizers = _vectorizers()
        self._names: list[str] = []
        self._weights: dict[str, npt.NDArray[np.float16]] = {}
        self._biases: dict[str, npt.NDArray[np.float64]] = {}
        self._ready: dict[str, npt.NDArray[np.float32]] = {}  # the weights as they are multiplied: turned once, not for every message

    @property
    def is_trained(self) -> bool:
        """False until `fit` or `from_disk`."""
        return bool(self._weights)

    def fit(self, texts: Sequence[str], signals: Sequence[Signal], labels: Sequence[Sequence[Intent]], *, seed: int) -> Self:
        """Learn from texts, their signals and their labels; the same input and seed give the same weights."""
        wanted = np.array([[intent in of for intent in INTENTS] for of in labels])
        self._names = sorted({name for signal in signals for name in signal})
        ngrams = hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers.values()]).tocsr()
        self._fit("ngrams", ngrams, wanted, _NGRAM_STRENGTH, seed)
        self._fit("signals", self._table(signals), wanted, _SIGNAL_STRENGTH, seed)
        return self

    def _fit(self, name: str, features: Any, wanted: npt.NDArray[np.bool_], strength: float, seed: int) -> None:
        fits = [_fit_one(features, column, strength, seed) for column in wanted.T]
        self._weights[name] = np.array([weights for weights, _ in fits], dtype=np.float16)
        self._ready.pop(name, None)
        self._biases[name] = np.array([bias for _, bias in fits])

    def by_ngrams(self, texts: Sequence[str]) -> Matrix:
        """A score of 0 to 1 for every text (row) and intent (column, in the order of INTENTS)."""
        features = csr_matrix(hstack([vectorizer.transform(texts) for vectorizer in self._vectorizers.values()]))
        return self._scores("ngrams", features)

    def by_signals(self, signals: Sequence[Signal]) -> Matrix:
        """The same from the signals alone; signals never seen in training count nothing."""
        return self._scores("signals", self._table(signals))

    def _scores(self, name: str, features: Any) -> Matrix:
        if name not in self._ready:
            self._ready[name] = np.ascontiguousarray(self._weights[name].T, np.float32)
        logits = features @ self._ready[name] + self._biases[name]
        scores: Matrix = 1.0 / (1.0 + np.exp(-np.clip(np.asarray(logits, dtype=np.float64), -30, 30)))
        return scores

    def _table(self, signals: Sequence[Signal]) -> npt.NDArray[np.float32]:
        return np.array([[signal.get(name, 0.0) for name in self._names] for signal in signals], dtype=np.float32)

    def to_disk(self, folder: Path) -> None:
        """Write numbers as npz and names as JSON: nothing that runs when it is read."""
        folder.mkdir(parents=True, exist_ok=True)
        numbers = {f"{name} idf": vectorizer.idf_ for name, vectorizer in self._vectorizers.items()}
        numbers |= {f"{name} weights": weights for name, weights in self._weights.items()}
        numbers |= {f"{name} biases": biases for name, biases in self._biases.items()}
        np.savez_compressed(folder / "weights.npz", **numbers)
        vocabularies = {name: vectorizer.get_feature_names_out().tolist() for name, vectorizer in self._vectorizers.items()}
        names = {"intents": list(INTENTS), "signals": self._names, "ngrams": vocabularies}
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    def from_disk(self, folder: Path) -> Self:
        """Read what `to_disk` wrote.

        Raises:
            ValueError: the model knows other intents than this code.
            OSError, KeyError: a file or an entry is missing.
        """
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        if names["intents"] != list(INTENTS):
            raise ValueError("the model was trained for other intents")
        self._names = names["signals"]
        with np.load(folder / "weights.npz", allow_pickle=False) as numbers:
            self._ready = {}
            self._weights = {name: numbers[f"{name} weights"] for name in ("ngrams", "signals")}
            self._biases = {name: numbers[f"{name} biases"] for name in ("ngrams", "signals")}
            for name, vectorizer in self._vectorizers.items():
                vectorizer.vocabulary_ = {ngram: column for column, ngram in enumerate(names["ngrams"][name])}
                vectorizer.idf_ = numbers[f"{name} idf"]
        return self


def _fit_one(features: Any, wanted: npt.NDArray[np.bool_], strength: float, seed: int) -> tuple[npt.NDArray[np.float64], float]:
    if wanted.all() or not wanted.any():  # nothing to tell apart in a small corpus: say what was seen
        return np.zeros(features.shape[1]), 5.0 if wanted.all() else -5.0
    model = LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", random_state=seed).fit(features, wanted)
    return model.coef_[0], float(model.intercept_[0])
