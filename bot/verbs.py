"""Verbs: what a colleague may do to a ticket, by the name that buttons and forms use."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import cards, confirming, desk, home, timekeeping
from bot.office import Office


def _close(session: Session, office: Office, reference: str, actor: str, at: datetime, given: dict[str, Any]) -> None:
    desk.close(session, office, reference, given["outcomes"], actor, at, reasons=given["reasons"], letter=given["letter"])


def _reclassify(session: Session, office: Office, reference: str, actor: str, at: datetime, given: dict[str, Any]) -> None:
    desk.reclassify(session, office, reference, given["intents"], given["regime"], actor, at)


VERBS: dict[str, Callable[[Session, Office, str, str, datetime, dict[str, Any]], object]] = {
    "claim": lambda s, o, reference, actor, at, _: desk.claim(s, o, reference, actor, at),
    "reopen": lambda s, o, reference, actor, at, _: desk.reopen(s, o, reference, actor, at),
    "answer_anyway": lambda s, o, reference, actor, at, _: desk.answer_anyway(s, o, reference, actor, at),
    "id_received": lambda s, o, reference, actor, at, _: timekeeping.answered(s, o, reference, "id", actor, at),
    "clarification_received": lambda s, o, reference, actor, at, _: timekeeping.answered(s, o, reference, "clarification", actor, at),
    "ask": lambda s, o, reference, actor, at, given: timekeeping.ask(s, o, reference, actor=actor, now=at, **given),
    "extend": lambda s, o, reference, actor, at, given: timekeeping.extend(s, o, reference, actor=actor, now=at, **given),
    "set_receipt": lambda s, o, reference, actor, at, given: timekeeping.set_receipt(s, o, reference, actor=actor, now=at, **given),
    "confirm_sender": lambda s, o, reference, actor, at, _: confirming.confirm_sender(s, o, reference, actor, at),
    "correct_sender": lambda s, o, reference, actor, at, given: confirming.correct_sender(s, o, reference, actor=actor, now=at, **given),
    "close": _close,
    "reclassify": _reclassify,
    "post_card_anew": lambda s, o, receipt, _, at, __: cards.post_anew(s, o, receipt, at),
}

LOOKS: dict[str, Callable[[Session, Office, str, datetime, dict[str, Any]], Any]] = {
    "home": lambda s, o, actor, at, _: home.overview(s, o, actor, at),
}
"""What a colleague may ask to see, beside lists and single tickets, by the name that forms and commands use."""
