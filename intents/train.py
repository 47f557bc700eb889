"""Training: from the corpus to a pipeline on disk, its thresholds and its model card."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from spacy.language import Language
from spacy.tokens import Doc

from intents.catalog import Family, Intent
from intents.classifier import CARD_KEY, Classifier, as_text, prediction_of
from intents.components import CODE_VERSION, DecisionComponent, LearnedComponent, build_pipeline
from intents.corpus import Example, corpus_hash, read, read_test
from intents.decision import Thresholds, heed
from intents.evaluate import Scores, evaluate, render, score
from intents.learned import Learned

T = TypeVar("T")

_FOLDS = 5
_LANGUAGE_NEEDS = 15  # mails before the n-grams of a language are trusted
_MAY_BE_LOST = 0.01  # share of requests, authorities and breaches that may be called `other` without a doubt
_UNCLEAR_BELOW = 0.6
_LABEL_GRID = np.arange(0.2, 0.91, 0.05)
_OTHER_GRID = np.arange(0.5, 1.0, 0.02)


@dataclass(frozen=True)
class ModelCard:
    """What a pipeline was trained on and how well it reads: mails of authors it has not seen, and the test mails if there are any."""

    model: str
    corpus: str
    mails: int
    authors: int
    by_language: dict[str, int]
    by_label: dict[str, int]
    thresholds: Thresholds
    unseen_authors: Scores
    test: Scores | None

    def markdown(self) -> str:
        """The card as Markdown."""
        languages = ", ".join(f"{language} {count}" for language, count in sorted(self.by_language.items()))
        labels = ", ".join(f"{label} {count}" for label, count in self.by_label.items())
        return "\n".join(
            [
                f"# Model {self.model}",
                "",
                f"Trained on {self.mails} mails by {self.authors} authors. Languages: {languages}. Labels: {labels}.",
                "Character and word n-grams and the signals of the cue tables, one logistic regression per intent; other languages than"
                " these are read by the cue tables alone.",
                "",
                "## Authors the model has not seen",
                f"{_FOLDS}-fold cross-validation over the training mails, grouped by author; the thresholds were chosen on the same folds,"
                " so these figures flatter a little.",
                *_fenced(render(self.unseen_authors)),
                "",
                "## Test mails",
                *(_fenced(render(self.test)) if self.test else ["There were none."]),
                "",
            ]
        )


def train(corpus: Path, target: Path, *, seed: int = 0, progress: Callable[[str], None] | None = None) -> ModelCard:
    """Train on a corpus folder, write the pipeline, its meta.json and CARD.md to `target`, and measure it.

    The same corpus and seed give the same pipeline. Takes under a minute for a thousand mails on two cores.

    Raises:
        CorpusError: the corpus breaks its rules.
    """
    tell = progress or (lambda _: None)
    examples, test_examples = read(corpus), read_test(corpus)
    tell(f"reading {len(examples)} mails")
    nlp = build_pipeline()
    docs = _docs(nlp, examples)
    learned, decision = _component(nlp, LearnedComponent), _component(nlp, DecisionComponent)
    learned.languages = _languages(examples)
    tell(f"cross-validating over {len({example.author for example in examples})} authors")
    _score_unseen(learned, docs, examples, seed)
    decision.thresholds = find_thresholds([doc._.scores for doc in docs], [example.labels for example in examples])
    sha = corpus_hash(corpus)
    model = f"{sha[:12]}-v{CODE_VERSION}"
    unseen = score([(example, prediction_of(decision(doc), model)) for example, doc in zip(examples, docs, strict=True)])
    tell("fitting all mails")
    learned.learned = _fit(docs, examples, range(len(docs)), seed)
    test = evaluate(Classifier(nlp, model), test_examples) if test_examples else None
    card = _card(model, sha, examples, decision.thresholds, unseen, test)
    _write(nlp, card, target)
    tell(f"wrote {target}")
    return card


def find_thresholds(scores: Sequence[dict[Intent, float]], labels: Sequence[Sequence[Intent]]) -> Thresholds:
    """The lines that read mails of unseen authors best: one for all labels (per-label ones overfit below some 3,000 mails), the
    calibration of the top intent, and how sure `other` must be for no more than 1% of requests to be lost in it."""
    tops = [max(of, key=lambda intent: of[intent]) for of in scores]
    shapes = np.array([(best, best - second) for best, second in (sorted(of.values(), reverse=True)[:2] for of in scores)])
    right = np.array([top in wanted for top, wanted in zip(tops, labels, strict=True)])
    found = replace(_calibrated(shapes, right), label=dict.fromkeys(Intent, _label_threshold(scores, labels)), unclear_below=_UNCLEAR_BELOW)
    return replace(found, other_below=_other_threshold(found, scores, labels))


def _calibrated(shapes: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> Thresholds:
    if right.all() or not right.any():
        return Thresholds()
    model = LogisticRegression(C=10.0).fit(shapes, right)
    by_score, by_lead = map(float, model.coef_[0])
    return Thresholds(by_score=by_score, by_lead=by_lead, offset=float(model.intercept_[0]))


def _label_threshold(scores: Sequence[dict[Intent, float]], labels: Sequence[Sequence[Intent]]) -> float:
    return float(round(max(_LABEL_GRID, key=lambda line: _mean_f1(scores, labels, line)), 2))


def _mean_f1(scores: Sequence[dict[Intent, float]], labels: Sequence[Sequence[Intent]], line: float) -> float:
    wanted: Counter[Intent] = Counter()
    predicted: Counter[Intent] = Counter()
    right: Counter[Intent] = Counter()
    for of, true in zip(scores, labels, strict=True):
        top = max(of, key=lambda intent: of[intent])
        others = {intent for intent, value in of.items() if value >= line and intent is not Intent.OTHER}
        chosen = {top} if top is Intent.OTHER else others | {top}
        wanted.update(true)
        predicted.update(chosen)
        right.update(chosen.intersection(true))
    return float(np.mean([2 * right[intent] / (wanted[intent] + predicted[intent]) for intent in wanted]))


def _other_threshold(thresholds: Thresholds, scores: Sequence[dict[Intent, float]], labels: Sequence[Sequence[Intent]]) -> float:
    protected = [of for of, true in zip(scores, labels, strict=True) if any(_is_protected(label) for label in true)]
    as_other = [thresholds.confidence(of) for of in protected if max(of, key=lambda intent: of[intent]) is Intent.OTHER]
    allowed = _MAY_BE_LOST * len(protected)
    return float(round(next((line for line in _OTHER_GRID if sum(sure >= line for sure in as_other) <= allowed), 1.0), 2))


def _is_protected(label: Intent) -> bool:
    return label.family in (Family.RIGHTS, Family.AUTHORITY, Family.BREACH)


def _docs(nlp: Language, examples: Sequence[Example]) -> list[Doc]:
    texts = (as_text(example.subject, example.body) for example in examples)
    with nlp.select_pipes(disable=["privacybot_learned", "privacybot_decision"]):
        return list(nlp.pipe(texts))


def _score_unseen(component: LearnedComponent, docs: Sequence[Doc], examples: Sequence[Example], seed: int) -> None:
    """Give every doc the scores of a model that has seen no mail of its author."""
    authors = [example.author for example in examples]
    folds = GroupKFold(min(_FOLDS, len(set(authors))))
    for known, unseen in folds.split(docs, groups=authors):
        component.learned = _fit(docs, examples, known, seed)
        for place in unseen:
            component(docs[place])
            docs[place]._.scores = heed(docs[place]._.scores, docs[place]._.signals.hits)


def _fit(docs: Sequence[Doc], examples: Sequence[Example], places: Sequence[int] | range, seed: int) -> Learned:
    return Learned().fit(
        [docs[place].text for place in places],
        [docs[place]._.signals.whole for place in places],
        [examples[place].labels for place in places],
        seed=seed,
    )


def _component(nlp: Language, kind: type[T]) -> T:
    return next(component for _, component in nlp.pipeline if isinstance(component, kind))


def _languages(examples: Sequence[Example]) -> frozenset[str]:
    counts = Counter(example.language for example in examples)
    return frozenset(language for language, count in counts.items() if count >= _LANGUAGE_NEEDS)


def _card(model: str, sha: str, examples: Sequence[Example], thresholds: Thresholds, unseen: Scores, test: Scores | None) -> ModelCard:
    return ModelCard(
        model=model,
        corpus=sha,
        mails=len(examples),
        authors=len({example.author for example in examples}),
        by_language=dict(Counter(example.language for example in examples)),
        by_label={intent.value: sum(intent in example.labels for example in examples) for intent in Intent},
        thresholds=thresholds,
        unseen_authors=unseen,
        test=test,
    )


def _write(nlp: Language, card: ModelCard, target: Path) -> None:
    nlp.meta[CARD_KEY] = {
        "model": card.model,
        "corpus": card.corpus,
        "code": CODE_VERSION,
        "mails": card.mails,
        "languages": card.by_language,
        "labels": card.by_label,
        "thresholds": card.thresholds.to_json(),
    }
    nlp.to_disk(target)
    (target / "CARD.md").write_text(card.markdown(), encoding="utf-8")


def _fenced(lines: Sequence[str]) -> list[str]:
    return ["", "```", *lines, "```"]
