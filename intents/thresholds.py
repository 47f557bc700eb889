"""Thresholds: how training finds the lines of the decision from mails whose authors the models have not seen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Doc

from intents.catalog import Family, Intent
from intents.corpus import Example
from intents.decision import Thresholds, chosen, pleaded, shape_of

_MAY_BE_LOST = 0.004  # share of requests, authorities and breaches that may be called `other` without a doubt
_CLEAR_ARE_RIGHT = 0.95  # share of the clear mails whose top intent must be right
_LABEL_GRID = np.arange(0.15, 0.71, 0.05)
_CONFIDENCE_GRID = np.arange(0.2, 1.0, 0.01)


@dataclass(frozen=True)
class _Case:
    """A mail with the scores that models gave it which had not seen its author."""

    scores: Mapping[Intent, float]
    pleas: frozenset[Intent]
    by_rules: bool  # no encoder was heard: what is pleaded for is an intent
    labels: frozenset[Intent]

    def chosen(self, lines: Mapping[Intent, float]) -> tuple[Intent, ...]:
        return chosen(self.scores, self.pleas if self.by_rules else frozenset(), lines)

    @property
    def is_protected(self) -> bool:
        return any(label.family in (Family.RIGHTS, Family.AUTHORITY, Family.BREACH) for label in self.labels)


def find_thresholds(docs: Sequence[Doc], examples: Sequence[Example]) -> Thresholds:
    """The lines that read mails of unseen authors best: one for all labels (per-label ones overfit below some 3,000 mails), the
    calibration of the top intent, how sure `other` must be for no more than four in a thousand requests to be lost in it, and how sure
    any must be for 95% of the clear ones to be right."""
    cases = [
        _Case(doc._.scores, pleaded(doc._.signals.hits), doc._.opinion.encoder is None, frozenset(example.labels))
        for doc, example in zip(docs, examples, strict=True)
    ]
    lines = dict.fromkeys(Intent, _label_line(cases))
    tops = [case.chosen(lines)[0] for case in cases]
    found = replace(_calibrated(cases, tops), label=lines)
    sure = [found.confidence(case.scores, top, is_pleaded=top in case.pleas) for case, top in zip(cases, tops, strict=True)]
    found = replace(found, other_below=_other_line(cases, tops, sure))
    return replace(found, unclear_below=_unclear_line(cases, tops, sure, found.other_below))


def _label_line(cases: Sequence[_Case]) -> float:
    return float(round(max(_LABEL_GRID, key=lambda line: _mean_f1(cases, dict.fromkeys(Intent, float(line)))), 2))


def _mean_f1(cases: Sequence[_Case], lines: Mapping[Intent, float]) -> float:
    wanted: Counter[Intent] = Counter()
    predicted: Counter[Intent] = Counter()
    right: Counter[Intent] = Counter()
    for case in cases:
        intents = case.chosen(lines)
        wanted.update(case.labels)
        predicted.update(intents)
        right.update(case.labels.intersection(intents))
    return float(np.mean([2 * right[intent] / (wanted[intent] + predicted[intent]) for intent in wanted]))


def _calibrated(cases: Sequence[_Case], tops: Sequence[Intent]) -> Thresholds:
    right = np.array([top in case.labels for case, top in zip(cases, tops, strict=True)])
    if right.all() or not right.any():
        return Thresholds()
    shapes: npt.NDArray[np.float64] = np.array(
        [shape_of(case.scores, top, is_pleaded=top in case.pleas) for case, top in zip(cases, tops, strict=True)]
    )
    model = LogisticRegression(C=10.0).fit(shapes, right)
    by_score, by_second, by_other, by_plea = map(float, model.coef_[0])
    return Thresholds(by_score=by_score, by_second=by_second, by_other=by_other, by_plea=by_plea, offset=float(model.intercept_[0]))


def _other_line(cases: Sequence[_Case], tops: Sequence[Intent], sure: Sequence[float]) -> float:
    as_other = [of for case, top, of in zip(cases, tops, sure, strict=True) if case.is_protected and top is Intent.OTHER]
    allowed = _MAY_BE_LOST * sum(case.is_protected for case in cases)
    return float(round(next((line for line in _CONFIDENCE_GRID if sum(of >= line for of in as_other) <= allowed), 1.0), 2))


def _unclear_line(cases: Sequence[_Case], tops: Sequence[Intent], sure: Sequence[float], other_line: float) -> float:
    clear = [(top in case.labels, of) for case, top, of in zip(cases, tops, sure, strict=True) if top is not Intent.OTHER]
    clear += [
        (top in case.labels, 1.0) for case, top, of in zip(cases, tops, sure, strict=True) if top is Intent.OTHER and of >= other_line
    ]
    return float(round(next((line for line in _CONFIDENCE_GRID if _share_right(clear, line) >= _CLEAR_ARE_RIGHT), 1.0), 2))


def _share_right(clear: Sequence[tuple[bool, float]], line: float) -> float:
    kept = [right for right, of in clear if of >= line]
    return sum(kept) / len(kept) if kept else 1.0
