"""Training: from the corpus to a pipeline on disk, its thresholds and its model card."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sklearn.model_selection import GroupKFold
from spacy.language import Language
from spacy.tokens import Doc

from intents.card import ModelCard
from intents.catalog import Intent
from intents.classifier import CARD_KEY, Classifier, as_text, prediction_of
from intents.components import CODE_VERSION, DecisionComponent, build_pipeline, judged
from intents.corpus import Example, corpus_hash, read, read_dev, read_test
from intents.encoder import Encoder
from intents.evaluate import Scores, evaluate, score
from intents.judge import Judge, facts_of
from intents.learned import Learned
from intents.opinions import EncoderComponent, LearnedComponent, spoken
from intents.thresholds import find_thresholds

T = TypeVar("T")

_FOLDS = 5
_LANGUAGE_NEEDS = 15  # mails before the n-grams of a language are trusted


def train(
    corpus: Path, target: Path, *, encoder: Encoder | None = None, seed: int = 0, progress: Callable[[str], None] | None = None
) -> ModelCard:
    """Train on a corpus folder, write the pipeline, its meta.json and CARD.md to `target`, and measure it.

    `encoder` is one that has seen no mail of the development split, or none. The judge and the thresholds are found on that split, whose
    authors the models have not seen; in a corpus without one, by cross-validation over authors. The same corpus, encoder and seed give
    the same pipeline.

    Raises:
        CorpusError: the corpus breaks its rules.
    """
    tell = progress or (lambda _: None)
    examples, dev, test_examples = read(corpus), read_dev(corpus), read_test(corpus)
    nlp, sha = build_pipeline(), corpus_hash(corpus)
    classifier = Classifier(nlp, f"{sha[:12]}-v{CODE_VERSION}")
    _component(nlp, EncoderComponent).encoder = encoder
    tell(f"linear models of {len(examples)} mails")
    docs = _learn(nlp, examples, dev, seed)
    tell(f"judge and thresholds on {len(docs)} mails of unseen authors")
    unseen = _judge_unseen(nlp, docs, dev or examples, classifier.model)
    tell(f"reading {len(test_examples)} test mails")
    card = ModelCard(
        model=classifier.model,
        corpus=sha,
        encoder=None if encoder is None else encoder.trained_on,
        mails=len(examples),
        authors=_authors(examples),
        by_language=dict(Counter(example.language for example in examples)),
        by_label={intent.value: sum(intent in example.labels for example in examples) for intent in Intent},
        tuned_on=(len(dev), _authors(dev)) if dev else None,
        thresholds=_component(nlp, DecisionComponent).thresholds,
        unseen_authors=unseen,
        test=evaluate(classifier, test_examples) if test_examples else None,
    )
    _write(nlp, card, target)
    tell(f"wrote {target}")
    return card


def _authors(examples: Iterable[Example]) -> int:
    return len({example.author for example in examples})


def _learn(nlp: Language, examples: Sequence[Example], dev: Sequence[Example], seed: int) -> list[Doc]:
    """Fit the linear models on all examples; the docs of the development split, or else of the examples, with the opinion of models that
    have seen no mail of their author."""
    learned = _component(nlp, LearnedComponent)
    learned.languages = _languages(examples)
    docs = _docs(nlp, examples, with_encoder=not dev)
    if not dev:
        _hear_unseen(learned, docs, examples, seed)
    learned.learned = _fit(docs, examples, range(len(docs)), seed)
    return [learned(doc) for doc in _docs(nlp, dev, with_encoder=True)] if dev else docs


def _judge_unseen(nlp: Language, docs: Sequence[Doc], examples: Sequence[Example], model: str) -> Scores:
    """Find the thresholds with judges that have not seen the author either, score that, then fit the judge on all."""
    decision = _component(nlp, DecisionComponent)
    cross_judge(docs, examples)
    decision.thresholds = find_thresholds(docs, examples)
    scores = score([(example, prediction_of(decision.decided(doc), model)) for example, doc in zip(examples, docs, strict=True)])
    decision.judge = _judge(docs, examples, range(len(docs)))
    return scores


def _docs(nlp: Language, examples: Sequence[Example], *, with_encoder: bool) -> list[Doc]:
    texts = (as_text(example.subject, example.body) for example in examples)
    later = ["privacybot_learned", "privacybot_decision"]
    with nlp.select_pipes(disable=later if with_encoder else ["privacybot_encoder", *later]):
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


def _write(nlp: Language, card: ModelCard, target: Path) -> None:
    nlp.meta[CARD_KEY] = {
        "model": card.model,
        "corpus": card.corpus,
        "encoder": card.encoder,
        "code": CODE_VERSION,
        "mails": card.mails,
        "languages": card.by_language,
        "labels": card.by_label,
        "thresholds": card.thresholds.to_json(),
    }
    nlp.to_disk(target)
    (target / "CARD.md").write_text(card.markdown(), encoding="utf-8")
