"""Verbs: what a colleague may do to a ticket, by the name that buttons and forms use."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import (
    by_hand,
    cards,
    confirming,
    desk,
    digest_figures,
    handing_over,
    home,
    merging,
    notes,
    replying,
    searching,
    timekeeping,
    unsubscribing,
    weekly,
)  # fmt: skip
from bot.office import Office


def _close(session: Session, office: Office, reference: str, actor: str, at: datetime, given: dict[str, Any]) -> None:
    desk.close(session, office, reference, given["outcomes"], actor, at, reasons=given["reasons"], letter=given["letter"])


def _reclassify(session: Session, office: Office, reference: str, actor: str, at: datetime, given: dict[str, Any]) -> None:
    desk.reclassify(session, office, reference, given["intents"], given["regime"], actor, at, seen=given.get("seen"))


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
    "reply": lambda s, o, reference, actor, at, given: replying.reply(s, o, reference, actor, at, **given),
    "passphrase_lost": lambda s, o, reference, actor, at, _: replying.passphrase_lost(s, o, reference, actor, at),
    "read_as": lambda s, o, reference, actor, at, given: desk.read_as(s, o, reference, given["intent"], actor, at),
    "hand_over": lambda s, o, reference, actor, at, given: handing_over.hand_over(s, o, reference, actor=actor, now=at, **given),
    "note": lambda s, o, reference, actor, at, given: notes.add_note(s, o, reference, given["text"], actor, at),
    "merge": lambda s, o, reference, actor, at, given: merging.merge(s, o, reference, actor=actor, now=at, **given),
    "open_by_hand": lambda s, o, _, actor, at, given: by_hand.open_by_hand(s, o, given["slip"], actor, at),
    "suppress": lambda s, o, reference, actor, at, given: unsubscribing.suppress_by(s, o, reference, given["channels"], actor, at),
    "close": _close,
    "reclassify": _reclassify,
    "post_card_anew": lambda s, o, receipt, _, at, __: cards.post_anew(s, o, receipt, at),
}

LOOKS: dict[str, Callable[[Session, Office, str, datetime, dict[str, Any]], Any]] = {
    "reply_form": replying.reply_form,
    "reply_preview": replying.reply_preview,
    "standing": lambda s, _o, _actor, _at, given: desk.standing(s, given["reference"]),
    "kept": lambda s, _o, _actor, _at, given: desk.stands(desk.ticket_for(s, given["reference"])),
    "merge_candidates": lambda s, _o, _actor, _at, given: merging.candidates(s, given["reference"], given["typed"]),
    "blank": lambda s, o, _actor, _at, given: by_hand.blank(s, o, given["channel"], given["ts"]),
    "receipt": lambda s, o, _actor, _at, given: timekeeping.receipt(s, o, given["reference"]),
    "names": lambda s, _o, _actor, _at, _: digest_figures.names(s),
    "search": lambda s, o, actor, at, given: searching.search(s, o, given["text"], actor, at),
    "digest": lambda s, o, _actor, at, given: weekly.as_blocks(s, o, given["week"], at),
    "home": lambda s, o, actor, at, _: home.overview(s, o, actor, at),
}
"""What a colleague may ask to see, beside lists and single tickets, by the name that forms and commands use."""
