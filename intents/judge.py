"""The judge: how likely each intent is, all told: what the models say, what the strongest sentence says and what is asked."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from intents.catalog import INTENTS, Intent
from intents.learned import Matrix
from intents.signals import Hit, Kind

Row: TypeAlias = npt.NDArray[np.float64]  # a value for each of INTENTS

_OTHER = INTENTS.index(Intent.OTHER)
_SURE = 8.0  # a logit beyond which nothing is surer
_STRENGTH = 0.03  # inverse of the regularisation, found by cross-validation over unseen writers


@dataclass(frozen=True)
class Opinion:
    """What the learned models make of one message, scores of 0 to 1: `ngrams` is None in a language they do not know, `sentences` has a
    row for each sentence (one row for an empty message). The encoder's word, if there is one, comes as logits: `encoder` of the whole
    message, `heard` of each sentence."""

    signals: Row
    ngrams: Row | None
    sentences: Matrix
    encoder: Row | None = None
    heard: Matrix | None = None

    @property
    def mean(self) -> Row:
        """The scores of the whole message."""
        return self.signals if self.ngrams is None else (self.signals + self.ngrams) / 2

    @property
    def own_word(self) -> Row:
        """The scores while no judge is trained."""
        return self.mean if self.encoder is None else 1.0 / (1.0 + np.exp(-self.encoder.astype(np.float64)))


class Judge:
    """One logistic regression for all intents over the same few facts about an intent, with a bias for each: so few weights that
    a thousand mails are plenty, and what is learned of a common intent helps a rare one."""

    def __init__(self) -> None:
        self._weights: Row | None = None
        self._biases: Row = np.zeros(len(INTENTS))

    def fit(self, facts: Sequence[Matrix], labels: Sequence[Sequence[Intent]]) -> Self:
        """Learn from the facts (see `facts_of`) of messages that the models behind them have not seen, and from their labels."""
        table = np.concatenate(list(facts))
        middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
        which = np.tile(np.eye(len(INTENTS)), (len(facts), 1))
        wanted = np.array([intent in of for of in labels for intent in INTENTS])
        model = LogisticRegression(C=_STRENGTH, max_iter=500).fit(np.hstack([(table - middle) / spread, which]), wanted)
        weights = model.coef_[0][: table.shape[1]] / spread
        self._weights = weights
        self._biases = model.coef_[0][table.shape[1] :] + float(model.intercept_[0]) - float(middle @ weights)
        return self

    def scores(self, facts: Matrix, opinion: Opinion) -> dict[Intent, float]:
        """How likely each intent is, 0 to 1; the models' own word until the judge is trained."""
        if self._weights is None:
            return dict(zip(INTENTS, map(float, opinion.own_word), strict=True))
        likely = 1.0 / (1.0 + np.exp(-np.clip(facts @ self._weights + self._biases, -30, 30)))
        return dict(zip(INTENTS, map(float, likely), strict=True))

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"weights": None if self._weights is None else self._weights.tolist(), "biases": self._biases.tolist()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """From plain data.

        Raises:
            KeyError: an entry is missing.
        """
        judge = cls()
        judge._weights = None if data["weights"] is None else np.array(data["weights"])
        judge._biases = np.array(data["biases"])
        return judge


def facts_of(opinion: Opinion, hits: Iterable[Hit]) -> Matrix:
    """What the judge looks at: a row for each of INTENTS, a column for each fact."""
    mean, sentences, listed = opinion.mean, opinion.sentences, list(hits)
    rival = _rivals(mean)
    ngrams = np.zeros_like(mean) if opinion.ngrams is None else _logit(opinion.ngrams)
    common = [_logit(mean[_OTHER]), math.log1p(len(sentences)), float(opinion.ngrams is not None)]
    by_intent = [_logit(mean), ngrams, _logit(opinion.signals), _logit(sentences.max(axis=0)), mean - rival, _logit(rival)]
    by_intent += [*_lead_in_a_sentence(sentences), *_asked(listed), *_encoded(opinion)]
    return np.column_stack([*by_intent, *(np.full(len(INTENTS), fact) for fact in common)])


def _encoded(opinion: Opinion) -> list[Row]:
    """The encoder's logit, its lead over the best other, that it leads, its loudest sentence, and how much it hears of `other`."""
    if opinion.encoder is None or opinion.heard is None:
        return [np.zeros(len(INTENTS))] * 5
    logits = np.clip(opinion.encoder.astype(np.float64), -_SURE, _SURE)
    lead = logits - _rivals(logits)
    loudest = np.clip(opinion.heard.max(axis=0), -_SURE, _SURE)
    return [logits, lead, (lead > 0).astype(float), loudest, np.full(len(INTENTS), logits[_OTHER])]


def _rivals(scores: Row) -> Row:
    """For each intent the best score of any other."""
    second, best = np.sort(scores)[-2:]
    rivals: Row = np.where(scores == best, second, best)
    return rivals


def _lead_in_a_sentence(sentences: Matrix) -> tuple[Row, Row]:
    """Whether the intent is the strongest of some sentence, and how far it leads (or trails) in its best one."""
    leads = np.array([row - _rivals(row) for row in sentences]).max(axis=0)
    return (leads > 0).astype(float), leads


def _asked(hits: Sequence[Hit]) -> list[Row]:
    asks = _count(hit for hit in hits if hit.kind is Kind.ASK and not hit.negated)
    negated = _count(hit for hit in hits if hit.kind is Kind.ASK and hit.negated)
    others = np.minimum(asks.sum() - asks, 1.0)
    kinds = [np.minimum(_count(hit for hit in hits if hit.kind is kind), 1.0) for kind in (Kind.PLEA, Kind.TERM, Kind.LAW)]
    return [np.minimum(asks, 2.0), (asks > 0).astype(float), ((negated > 0) & (asks == 0)).astype(float), others, *kinds]


def _count(hits: Iterable[Hit]) -> Row:
    counts = np.zeros(len(INTENTS))
    for hit in hits:
        counts[INTENTS.index(hit.intent)] += 1
    return counts


def _logit(scores: Any) -> Any:
    clipped = np.clip(scores, 1e-4, 1 - 1e-4)
    return np.log(clipped / (1 - clipped))
