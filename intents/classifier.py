"""The classifier: what a message to the privacy mailbox asks for."""

import json
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from intents import components
from intents.catalog import Intent

PIPELINE = Path(__file__).with_name("pipeline")
CARD_KEY = "privacybot"  # where the pipeline's meta.json says what it was trained on

_LONGEST = 20_000  # characters of a message that are read; a person sees the whole
_BATCH = 32
# what a half-written, foreign or tampered folder makes spaCy, numpy and json raise
_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile)


class ModelError(RuntimeError):
    """The trained pipeline is missing, broken or of another version; the message names its path and the remedy."""


@dataclass(frozen=True)
class Prediction:
    """What a message asks for.

    `intents` is never empty, most certain first, OTHER only alone. `scores` (0 to 1) has every intent. `confidence` (0 to 1) is how
    often a top intent like this one is right. `unclear` asks for a person. `language` is ISO 639-1 or "und". `evidence` is, for each of
    `intents`, the sentence it was read from (in Unicode's NFC form). `model` names the corpus and the code it was trained with.
    """

    intents: tuple[Intent, ...]
    scores: Mapping[Intent, float]
    confidence: float
    unclear: bool
    language: str
    language_confidence: float
    evidence: Mapping[Intent, str] = field(repr=False)
    model: str


class Classifier:
    """A trained pipeline, ready to read messages."""

    def __init__(self, nlp: Language, model: str) -> None:
        self._nlp = nlp
        self._model = model

    @property
    def model(self) -> str:
        """The version id that every prediction carries."""
        return self._model

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a pipeline written by `intents.train.train`; by default `intents/pipeline`.

        Raises:
            ModelError: there is none, it is broken, or code of another version trained it.
        """
        folder = path or PIPELINE
        if not (folder / "meta.json").is_file():
            raise ModelError(f"no trained model at {folder}: run `privacybot train`")
        try:
            card = json.loads((folder / "meta.json").read_text(encoding="utf-8"))[CARD_KEY]
            _check_version(card, folder)
            return cls(spacy.load(folder), card["model"])
        except _BROKEN as error:
            raise ModelError(f"the model at {folder} is broken ({type(error).__name__}): run `privacybot train`") from error

    def predict(self, subject: str, text: str) -> Prediction:
        """Read one message: its subject and its visible text, quotes and signature left out. Never raises, whatever the text."""
        return prediction_of(self._nlp(as_text(subject, text)), self._model)

    def gist(self, text: str) -> npt.NDArray[np.float32] | None:
        """A vector for comparing what texts are about, in any languages, by cosine; None with a model trained without an encoder."""
        encoder = self._nlp.get_pipe(components.ENCODER).encoder  # type: ignore[attr-defined]
        vector: npt.NDArray[np.float32] | None = None if encoder is None else encoder.gist(text)
        return vector

    def predict_many(self, items: Iterable[tuple[str, str]]) -> Iterator[Prediction]:
        """Read many messages, in order, in batches; the same predictions as `predict`."""
        texts = (as_text(subject, text) for subject, text in items)
        return (prediction_of(doc, self._model) for doc in self._nlp.pipe(texts, batch_size=_BATCH))


def as_text(subject: str, text: str) -> str:
    """Subject and text as the pipeline reads them: one text, composed letters, nothing that cannot be encoded, not too long."""
    joined = f"{subject[:1_000].strip()}\n\n{text[:_LONGEST].strip()}".strip()
    clean = joined.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ").replace("\r\n", "\n")
    return unicodedata.normalize("NFC", clean)


def prediction_of(doc: Doc, model: str) -> Prediction:
    """What a doc that has walked through the whole pipeline says."""
    decision = doc._.decision
    return Prediction(
        intents=decision.intents,
        scores=dict(doc._.scores),
        confidence=decision.confidence,
        unclear=decision.unclear,
        language=doc._.guess.language,
        language_confidence=doc._.guess.confidence,
        evidence={intent: doc._.evidence[intent] for intent in decision.intents if intent in doc._.evidence},
        model=model,
    )


def _check_version(card: Mapping[str, Any], folder: Path) -> None:
    if card["code"] != components.CODE_VERSION:
        raise ModelError(
            f"the model at {folder} was trained by code version {card['code']}, this is {components.CODE_VERSION}: run `privacybot train`"
        )
