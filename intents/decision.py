"""The decision: from scores and hits to the intents of a message, how sure that is, and whether a person must look."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from intents.catalog import Intent
from intents.signals import Hit, Kind

_VETO = 0.3  # what is left of a score when every ask for it is negated
_ASKED = 0.3  # the share of the way to certainty that an ask in so many words lifts a score


@dataclass(frozen=True)
class Thresholds:
    """Where the lines are drawn; found in training by cross-validation over authors the model has not seen.

    All are of 0 to 1 but the calibration: confidence = 1 / (1 + exp(-(by_score * score + by_lead * lead + offset))), the lead being
    how far the top score is ahead of the second.
    """

    label: Mapping[Intent, float] = field(default_factory=lambda: dict.fromkeys(Intent, 0.5))
    unclear_below: float = 0.5  # confidence of the top intent
    other_below: float = 0.6  # confidence of `other`, the verdict that costs most when wrong
    by_score: float = 3.0
    by_lead: float = 1.0
    offset: float = -2.0

    def confidence(self, scores: Mapping[Intent, float]) -> float:
        """How often a top intent that is as high and as far ahead as this one is right."""
        top, second = sorted(scores.values(), reverse=True)[:2]
        return 1.0 / (1.0 + math.exp(-(self.by_score * top + self.by_lead * (top - second) + self.offset)))

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


def heed(scores: Mapping[Intent, float], hits: Iterable[Hit]) -> dict[Intent, float]:
    """The scores, lifted where somebody asks in so many words, lowered where every ask is negated: "please do NOT delete my account"."""
    asks = [hit for hit in hits if hit.kind is Kind.ASK]
    asked = {hit.intent for hit in asks if not hit.negated}
    negated = {hit.intent for hit in asks} - asked
    lifted = {intent: score + (1 - score) * _ASKED if intent in asked else score for intent, score in scores.items()}
    return {intent: score * _VETO if intent in negated else score for intent, score in lifted.items()}


def decide(scores: Mapping[Intent, float], hits: Iterable[Hit], thresholds: Thresholds, *, can_read: bool) -> Decision:
    """Draw the lines; `can_read` is false for a language with neither training mails nor a cue in the text."""
    ranked = sorted(scores, key=lambda intent: -scores[intent])
    top = ranked[0]
    confidence = thresholds.confidence(scores)
    if top is Intent.OTHER:
        contradicted = any(not hit.negated for hit in hits)
        return Decision((top,), confidence, not can_read or contradicted or confidence < thresholds.other_below)
    chosen = [intent for intent in ranked[1:] if intent is not Intent.OTHER and scores[intent] >= thresholds.label[intent]]
    return Decision((top, *chosen), confidence, not can_read or confidence < thresholds.unclear_below)
