"""Evaluation: how good the predictions are, above all how many requests they would lose."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from intents.catalog import Family, Intent
from intents.classifier import Classifier, Prediction
from intents.corpus import Example

# a lost mail of these breaks a statutory time limit
_PROTECTED = frozenset({Family.RIGHTS, Family.AUTHORITY, Family.BREACH})

Pair = tuple[Example, Prediction]


@dataclass(frozen=True)
class LabelScore:
    """How well one label is found; all but `mails` (count of mails that carry it) are shares of 0 to 1."""

    mails: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Scores:
    """How well a set of mails is read; shares of 0 to 1.

    `request_recall`: mails with a right, an authority or a breach that are not called `other`. `lost`: those called `other` without a
    doubt. `top_right`: the first intent is among the labels; `top_right_when_clear`: the same among those not unclear.
    """

    mails: int
    macro_f1: float
    micro_f1: float
    exact: float
    top_right: float
    top_right_when_clear: float
    unclear: float
    request_recall: float
    lost: float
    by_label: dict[Intent, LabelScore]
    micro_f1_by_language: dict[str, tuple[int, float]]


def evaluate(classifier: Classifier, examples: Sequence[Example]) -> Scores:
    """Predict every example and score the predictions.

    Raises:
        ValueError: there are no examples.
    """
    predictions = classifier.predict_many((example.subject, example.body) for example in examples)
    return score(list(zip(examples, predictions, strict=True)))


def score(pairs: Sequence[Pair]) -> Scores:
    """Score predictions made already.

    Raises:
        ValueError: there are no pairs.
    """
    if not pairs:
        raise ValueError("no mails to score")
    by_label = _by_label(pairs)
    protected = [pair for pair in pairs if _is_protected(pair[0])]
    return Scores(
        mails=len(pairs),
        macro_f1=_mean([one.f1 for one in by_label.values()]),
        micro_f1=_micro_f1(pairs),
        exact=_share(pairs, lambda example, prediction: set(example.labels) == set(prediction.intents)),
        top_right=_share(pairs, _is_top_right),
        top_right_when_clear=_share([pair for pair in pairs if not pair[1].unclear], _is_top_right),
        unclear=_share(pairs, lambda _, prediction: prediction.unclear),
        request_recall=_share(protected, lambda _, prediction: prediction.intents[0] is not Intent.OTHER),
        lost=_share(protected, lambda _, prediction: prediction.intents[0] is Intent.OTHER and not prediction.unclear),
        by_label=by_label,
        micro_f1_by_language=_by_language(pairs),
    )


def render(scores: Scores) -> list[str]:
    """The scores as lines of text."""
    lines = [
        f"mails {scores.mails}, macro F1 {scores.macro_f1:.3f}, micro F1 {scores.micro_f1:.3f}, exact match {scores.exact:.3f}",
        f"top intent right {scores.top_right:.3f} ({scores.top_right_when_clear:.3f} of those not unclear), unclear {scores.unclear:.3f}",
        f"requests, authorities, breaches not called other {scores.request_recall:.3f}, lost (other, not unclear) {scores.lost:.3f}",
        "",
        f"{'label':<20}{'mails':>6}{'prec':>7}{'recall':>8}{'F1':>7}",
    ]
    lines += [f"{label:<20}{one.mails:>6}{one.precision:>7.2f}{one.recall:>8.2f}{one.f1:>7.2f}" for label, one in scores.by_label.items()]
    lines += ["", f"{'language':<20}{'mails':>6}{'micro F1':>10}"]
    return lines + [f"{language:<20}{mails:>6}{f1:>10.2f}" for language, (mails, f1) in scores.micro_f1_by_language.items()]


def _is_top_right(example: Example, prediction: Prediction) -> bool:
    return prediction.intents[0] in example.labels


def _is_protected(example: Example) -> bool:
    return any(label.family in _PROTECTED for label in example.labels)


def _share(pairs: Sequence[Pair], holds: Callable[[Example, Prediction], Any]) -> float:
    return sum(bool(holds(*pair)) for pair in pairs) / len(pairs) if pairs else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _f1(right: int, predicted: int, wanted: int) -> float:
    return 2 * right / (predicted + wanted) if predicted + wanted else 0.0


def _by_label(pairs: Iterable[Pair]) -> dict[Intent, LabelScore]:
    wanted: Counter[Intent] = Counter()
    predicted: Counter[Intent] = Counter()
    right: Counter[Intent] = Counter()
    for example, prediction in pairs:
        wanted.update(example.labels)
        predicted.update(prediction.intents)
        right.update(set(example.labels).intersection(prediction.intents))
    return {
        intent: LabelScore(
            mails=wanted[intent],
            precision=right[intent] / predicted[intent] if predicted[intent] else 0.0,
            recall=right[intent] / wanted[intent],
            f1=_f1(right[intent], predicted[intent], wanted[intent]),
        )
        for intent in Intent
        if wanted[intent]
    }


def _micro_f1(pairs: Iterable[Pair]) -> float:
    sets = [(set(example.labels), set(prediction.intents)) for example, prediction in pairs]
    right = sum(len(wanted & predicted) for wanted, predicted in sets)
    return _f1(right, sum(len(predicted) for _, predicted in sets), sum(len(wanted) for wanted, _ in sets))


def _by_language(pairs: Iterable[Pair]) -> dict[str, tuple[int, float]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair[0].language].append(pair)
    return {language: (len(group), _micro_f1(group)) for language, group in sorted(groups.items())}
