"""Plainly: whether a mail surely wants no more advertising and nothing else, so that no person need read it before it is closed."""

from bot.inquiry import Inquiry
from intents.catalog import Intent
from intents.classifier import Prediction

MAY_BE_MORE = "may ask for more than no advertising: please read it before you close it"
_SUSPICION = 0.05
_WORDS = 30
_QUESTION = "?;\u037e\u061f"  # Greek asks with ; and its twin, Arabic with its own


def wants_nothing_else(inquiry: Inquiry, prediction: Prediction) -> bool:
    """A short note that asks no question, brings no document, and in which the classifier has not even a suspicion of another wish.

    The classifier's own certainty is not enough: of the mails it took for this alone, some asked for a copy or for erasure as well.
    """
    others = (score for intent, score in prediction.scores.items() if intent not in (Intent.UNSUBSCRIBE, Intent.OTHER))
    documents = [file for file in inquiry.attachments if not file.media_type.startswith("image/")]
    if documents or inquiry.problems or max(others, default=0.0) >= _SUSPICION:
        return False
    return len(inquiry.text.split()) <= _WORDS and not any(sign in inquiry.text + inquiry.subject for sign in _QUESTION)
