"""Training: from the corpus to a pipeline on disk, its thresholds and its model card."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sklearn.model_selection import GroupKFold
from spacy.language import Language
from spacy.tokens import Doc

from intents.catalog import Intent
from intents.classifier import CARD_KEY, Classifier, as_text, prediction_of
from intents.components import CODE_VERSION, DecisionComponent, LearnedComponent, build_pipeline, judged, spoken
from intents.corpus import Example, corpus_hash, read, read_test
from intents.decision import Thresholds, decide
from intents.evaluate import Scores, evaluate, render, score
from intents.judge import Judge, facts_of
from intents.learned import Learned
from intents.thresholds import find_thresholds

T = TypeVar("T")

_FOLDS = 5
_LANGUAGE_NEEDS = 15  # mails before the n-grams of a language are trusted


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
                "Character and word n-grams and the signals of the cue tables, one logistic regression per intent, and a judge that weighs"
                " what they say of the whole message and of its sentences; other languages than these are read by the cue tables alone.",
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
    _hear_unseen(learned, docs, examples, seed)
    cross_judge(docs, examples)
    decision.thresholds = find_thresholds(docs, examples)
    sha = corpus_hash(corpus)
    model = f"{sha[:12]}-v{CODE_VERSION}"
    unseen = score([(example, prediction_of(_decided(decision, doc), model)) for example, doc in zip(examples, docs, strict=True)])
    tell("fitting all mails")
    decision.judge = _judge(docs, examples, range(len(docs)))
    learned.learned = _fit(docs, examples, range(len(docs)), seed)
    test = evaluate(Classifier(nlp, model), test_examples) if test_examples else None
    card = _card(model, sha, examples, decision.thresholds, unseen, test)
    _write(nlp, card, target)
    tell(f"wrote {target}")
    return card


def _docs(nlp: Language, examples: Sequence[Example]) -> list[Doc]:
    texts = (as_text(example.subject, example.body) for example in examples)
    with nlp.select_pipes(disable=["privacybot_learned", "privacybot_decision"]):
        return list(nlp.pipe(texts))


def _hear_unseen(component: LearnedComponent, docs: Sequence[Doc], examples: Sequence[Example], seed: int) -> None:
    """Give every doc the opinion of models that have seen no mail of its author."""
    for known, unseen in _folds(examples):
        component.learned = _fit(docs, examples, known, seed)
        for place in unseen:
            component(docs[place])


def cross_judge(docs: Sequence[Doc], examples: Sequence[Example]) -> None:
    """Give every doc the scores of a judge that has seen no mail of its author."""
    for known, unseen in _folds(examples):
        judge = _judge(docs, examples, known)
        for place in unseen:
            docs[place]._.scores = judged(judge, docs[place]._.opinion, docs[place]._.signals.hits)


def _folds(examples: Sequence[Example]) -> list[tuple[Any, Any]]:
    authors = [example.author for example in examples]
    return list(GroupKFold(min(_FOLDS, len(set(authors)))).split(authors, groups=authors))


def _judge(docs: Sequence[Doc], examples: Sequence[Example], places: Iterable[int]) -> Judge:
    chosen = list(places)
    facts = [facts_of(docs[place]._.opinion, docs[place]._.signals.hits) for place in chosen]
    return Judge().fit(facts, [examples[place].labels for place in chosen])


def _decided(decision: DecisionComponent, doc: Doc) -> Doc:
    doc._.decision = decide(doc._.scores, doc._.signals.hits, decision.thresholds, can_read=doc._.can_read)
    return doc


def _fit(docs: Sequence[Doc], examples: Sequence[Example], places: Sequence[int] | range, seed: int) -> Learned:
    return Learned().fit(
        [spoken(docs[place]) for place in places],
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
