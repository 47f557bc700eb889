"""Evaluation: how good the predictions are, above all how many requests they would lose."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from intents.catalog import Family, Intent
from intents.classifier import Classifier, Prediction
from intents.corpus import Example

# a lost mail of these breaks a statutory time limit
_PROTECTED = frozenset({Family.RIGHTS, Family.AUTHORITY, Family.BREACH})

_BINS = 10
_WORST = 12
_COMPARED = (
    ("macro F1", "macro_f1"),
    ("micro F1", "micro_f1"),
    ("exact match", "exact"),
    ("top right", "top_right"),
    ("top right when clear", "top_right_when_clear"),
    ("unclear", "unclear"),
    ("request recall", "request_recall"),
    ("lost", "lost"),
    ("calibration error", "ece"),
)

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
    doubt. `top_right`: the first intent is among the labels; `top_right_when_clear`: the same among those not unclear. `ece`: expected
    calibration error, how far the confidence of the first intent is from how often it is right, over ten equal bins. `confusions`: label,
    what was said in its place, and how often, the worst first.
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
    ece: float
    by_label: dict[Intent, LabelScore]
    micro_f1_by_language: dict[str, tuple[int, float]]
    micro_f1_by_author: dict[str, float]
    confusions: list[tuple[Intent, Intent, int]]


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
        ece=_calibration_error(pairs),
        by_label=by_label,
        micro_f1_by_language={language: (len(group), _micro_f1(group)) for language, group in _grouped(pairs, "language")},
        micro_f1_by_author={author: _micro_f1(group) for author, group in _grouped(pairs, "author")},
        confusions=_confusions(pairs),
    )


def render(scores: Scores) -> list[str]:
    """The scores as lines of text."""
    lines = [
        f"mails {scores.mails}, macro F1 {scores.macro_f1:.3f}, micro F1 {scores.micro_f1:.3f}, exact match {scores.exact:.3f}",
        f"top intent right {scores.top_right:.3f} ({scores.top_right_when_clear:.3f} of those not unclear), unclear {scores.unclear:.3f}",
        f"requests, authorities, breaches not called other {scores.request_recall:.3f}, lost (other, not unclear) {scores.lost:.4f}",
        f"calibration error of the top intent {scores.ece:.3f}",
        *_authors(scores.micro_f1_by_author),
        "",
        f"{'label':<20}{'mails':>6}{'prec':>7}{'recall':>8}{'F1':>7}",
    ]
    lines += [f"{label:<20}{one.mails:>6}{one.precision:>7.2f}{one.recall:>8.2f}{one.f1:>7.2f}" for label, one in scores.by_label.items()]
    lines += ["", f"{'language':<20}{'mails':>6}{'micro F1':>10}"]
    lines += [f"{language:<20}{mails:>6}{f1:>10.2f}" for language, (mails, f1) in scores.micro_f1_by_language.items()]
    lines += ["", f"{'missed':<20}{'said instead':<20}{'mails':>6}"]
    return lines + [f"{missed:<20}{said:<20}{count:>6}" for missed, said, count in scores.confusions]


def _authors(by_author: Mapping[str, float]) -> list[str]:
    """How far the hands differ: the same model reads one writer better than another."""
    if len(by_author) < 2:
        return []
    worst, best = min(by_author, key=lambda one: by_author[one]), max(by_author, key=lambda one: by_author[one])
    middle = median(by_author.values())
    words = f"median {middle:.2f}, lowest {by_author[worst]:.2f} ({worst}), highest {by_author[best]:.2f} ({best})"
    return [f"micro F1 by author ({len(by_author)} authors): {words}"]


def compare(ours: Scores, theirs: Scores) -> list[str]:
    """Two models on the same mails, side by side, as lines of text: first, second, difference."""
    rows = [(name, getattr(ours, field), getattr(theirs, field)) for name, field in _COMPARED]
    rows += [(f"F1 {label}", one.f1, theirs.by_label[label].f1) for label, one in ours.by_label.items()]
    languages = theirs.micro_f1_by_language
    rows += [(f"micro F1 {language}", f1, languages[language][1]) for language, (_, f1) in ours.micro_f1_by_language.items()]
    head = f"{f'{ours.mails} mails':<28}{'first':>8}{'second':>8}{'second - first':>16}"
    return [head, *(f"{name:<28}{a:>8.3f}{b:>8.3f}{b - a:>+16.3f}" for name, a, b in rows)]


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


def _grouped(pairs: Iterable[Pair], field: str) -> list[tuple[str, list[Pair]]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[getattr(pair[0], field)].append(pair)
    return sorted(groups.items())


def _calibration_error(pairs: Sequence[Pair]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for pair in pairs:
        bins[min(int(pair[1].confidence * _BINS), _BINS - 1)].append((pair[1].confidence, _is_top_right(*pair)))
    gaps = (abs(sum(sure for sure, _ in one) - sum(right for _, right in one)) for one in bins.values())
    return sum(gaps) / len(pairs)


def _confusions(pairs: Iterable[Pair]) -> list[tuple[Intent, Intent, int]]:
    counts: Counter[tuple[Intent, Intent]] = Counter()
    for example, prediction in pairs:
        missed, added = set(example.labels) - set(prediction.intents), set(prediction.intents) - set(example.labels)
        counts.update((label, said) for label in missed for said in added)
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [(label, said, count) for (label, said), count in ranked[:_WORST]]
