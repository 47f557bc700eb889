"""The decision: from scores and hits to the intents of a message, how sure that is, and whether a person must look."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from intents.catalog import Intent
from intents.signals import Hit, Kind

_PLEA_IS_RIGHT = 0.9  # of 23 pleas in the training mails 22 were right; rounded down
_FEW_WORDS = 5  # say too little for anybody to be sure that nothing is asked ("erase data"), ...
_HINT = 0.02  # ... where any score hints at it; words of thanks and greetings stay below
_VETO = 0.3  # what is left of a score when every ask for it is negated
# what an authority's letter can be beside one; the complaints and rights it mentions are somebody else's
_BESIDE_AUTHORITY = frozenset({Intent.AUTHORITY, Intent.BREACH_REPORT, Intent.RESTRICTION})


@dataclass(frozen=True)
class Thresholds:
    """Where the lines are drawn; found in training on mails of authors the model has not seen.

    `label`, `unclear_below` and `other_below` are of 0 to 1. The others calibrate: confidence = 1 / (1 + exp(-(by_score * logit(top score)
    + by_second * logit(second score) + by_other (if the top is `other`) + by_plea (if it is asked for outright) + offset))).
    """

    label: Mapping[Intent, float] = field(default_factory=lambda: dict.fromkeys(Intent, 0.5))
    unclear_below: float = 0.5  # confidence of the top intent
    other_below: float = 0.6  # confidence of `other`, the verdict that costs most when wrong
    by_score: float = 1.0
    by_second: float = -0.2
    by_other: float = 0.0
    by_plea: float = 0.0
    offset: float = 0.0

    def confidence(self, scores: Mapping[Intent, float], top: Intent, *, is_pleaded: bool) -> float:
        """How often a top intent like this one is right."""
        score, second, is_other, plea = shape_of(scores, top, is_pleaded=is_pleaded)
        weighed = self.by_score * score + self.by_second * second + self.by_other * is_other + self.by_plea * plea
        return 1.0 / (1.0 + math.exp(-(weighed + self.offset)))

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From plain data.

        Raises:
            ValueError: an unknown intent. TypeError: an unknown field.
        """
        return cls(**{**data, "label": {Intent(name): value for name, value in data["label"].items()}})


@dataclass(frozen=True)
class Decision:
    """What a message asks for, most certain first."""

    intents: tuple[Intent, ...]
    confidence: float
    unclear: bool


def shape_of(scores: Mapping[Intent, float], top: Intent, *, is_pleaded: bool) -> tuple[float, float, float, float]:
    """What the confidence is read from: the logits of the top score and of the best other, whether the top is `other`, and pleaded for."""
    second = max(score for intent, score in scores.items() if intent is not top)
    return _logit(scores[top]), _logit(second), float(top is Intent.OTHER), float(is_pleaded)


def heed(scores: Mapping[Intent, float], hits: Iterable[Hit]) -> dict[Intent, float]:
    """The scores, lowered where every ask is negated: "please do NOT delete my account"."""
    asks = [hit for hit in hits if hit.kind is Kind.ASK]
    negated = {hit.intent for hit in asks} - {hit.intent for hit in asks if not hit.negated}
    return {intent: score * _VETO if intent in negated else score for intent, score in scores.items()}


def pleaded(hits: Iterable[Hit]) -> frozenset[Intent]:
    """What is asked for outright: an intent that one sentence asks for so plainly that it needs no second opinion."""
    return frozenset(hit.intent for hit in hits if hit.kind is Kind.PLEA)


def backed(scores: Mapping[Intent, float], decision: Decision, hits: Iterable[Hit]) -> dict[Intent, float]:
    """The scores as people are shown them: what is asked for outright is as sure as such pleas are right."""
    outright = pleaded(hits) & set(decision.intents)
    return {intent: max(score, _PLEA_IS_RIGHT) if intent in outright else score for intent, score in scores.items()}


def chosen(scores: Mapping[Intent, float], pleas: frozenset[Intent], lines: Mapping[Intent, float]) -> tuple[Intent, ...]:
    """The intents of a message, the most certain first: the likeliest, all above their lines and all pleaded for; `other` only alone."""
    ranked = sorted(scores, key=lambda intent: -scores[intent])
    if ranked[0] is Intent.OTHER and not pleas:
        return (Intent.OTHER,)
    if ranked[0] is Intent.AUTHORITY:
        ranked, pleas = [intent for intent in ranked if intent in _BESIDE_AUTHORITY], frozenset()
    ranked = [intent for intent in ranked if intent is not Intent.OTHER]
    top = next((intent for intent in ranked if intent in pleas), ranked[0]) if scores[ranked[0]] < lines[ranked[0]] else ranked[0]
    return (top, *(intent for intent in ranked if intent is not top and (intent in pleas or scores[intent] >= lines[intent])))


def decide(
    scores: Mapping[Intent, float], hits: Iterable[Hit], thresholds: Thresholds, *, can_read: bool, words: int, by_rules: bool = True
) -> Decision:
    """Draw the lines; `can_read` is false for a language with neither training mails nor a cue in the text; `words` is how many
    the writer has.

    `by_rules`: what is asked for outright is an intent, whatever its score. Where an encoder was heard it knows better (a request may be
    told, withdrawn or somebody else's); then such a plea only keeps a message from being called `other` without a doubt.
    """
    pleas = pleaded(hits)
    intents = chosen(scores, pleas if by_rules else frozenset(), thresholds.label)
    is_other = intents[0] is Intent.OTHER
    confidence = thresholds.confidence(scores, intents[0], is_pleaded=intents[0] in pleas)
    line = thresholds.other_below if is_other else thresholds.unclear_below
    hinted = bool(pleas) or (words <= _FEW_WORDS and any(score >= _HINT for intent, score in scores.items() if intent is not Intent.OTHER))
    return Decision(intents, confidence, not can_read or confidence < line or (is_other and hinted))


def _logit(score: float) -> float:
    clipped = min(max(score, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))
