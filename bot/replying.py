"""Replying: a letter in a colleague's own words, with files if they want; it leaves once, in the thread of the requester's last mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answers import passages_for
from bot.clerk import ticket_by_reference
from bot.desk import Refused, must_be_open, ticket_for, told
from bot.doubt import is_doubted
from bot.inquiry import Attachment
from bot.letterbox import to_requester
from bot.notices import queue_letter
from bot.office import Office
from bot.provenance import waits_for_sender
from bot.wording import STARTS, Letter
from models import Notice, NoticeState, Ticket

LONGEST = 9_000
"""Characters that a letter may have: three fields of Slack's."""


def reply(session: Session, office: Office, reference: str, actor: str, now: datetime, *, text: str, language: str, name: str,
          files: Sequence[Attachment] = (), encrypted: bool = False) -> Ticket:  # fmt: skip
    """Queue the letter with its files, which are complete or not there at all. `name` (hex) is the form's: of two with one name one leaves.

    Raises Refused where nobody may be written to, where nothing was written, and for a second letter of that name.
    """
    ticket = ticket_for(session, reference)
    must_be_writable(office, ticket)
    letter = _letter(office, ticket, text, language)
    _must_fit(office, files)
    if not queue_letter(session, office, ticket, letter, to_requester(ticket), f"reply:{name}", now, kind="staff", files=files):
        raise Refused("That letter was sent already.")
    ticket.record("replied", actor, now, language=letter.language, files=len(files), encrypted=encrypted)
    return told(session, office, ticket, now)


def reply_form(session: Session, office: Office, _actor: str, _now: datetime, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the form shows at first, or after another `start` or `language` was chosen. Raises Refused where no letter may be sent."""
    ticket = _ticket(session, given["reference"])
    must_be_writable(office, ticket)
    language = office.letters.language_for(given.get("language") or ticket.language)
    start = given.get("start") or "blank"
    return {
        "reference": ticket.reference,
        "to": office.masked(ticket.requester or ""),
        "largest": _largest(office),
        "regards": office.letters.reply_start("blank", language).rpartition("\n\n\n")[2].strip(),
        "start": start if start in STARTS else "blank",
        "language": language,
        "languages": office.letters.languages(),
        "text": office.letters.reply_start(start, language),
        "place": _place(session, ticket),
        "passages": passages_for(office, ticket),
    }


def reply_preview(session: Session, office: Office, _actor: str, _now: datetime, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The letter as it would leave. Raises Refused as the sending would."""
    ticket = _ticket(session, given["reference"])
    must_be_writable(office, ticket)
    letter = _letter(office, ticket, given["text"], given["language"])
    return {
        "reference": ticket.reference, "to": office.masked(ticket.requester or ""), "subject": letter.subject, "text": letter.text,
        "place": _place(session, ticket), "largest": _largest(office),
    }  # fmt: skip


def passphrase_lost(session: Session, office: Office, reference: str, actor: str, now: datetime) -> Ticket:
    """Nobody saw the passphrase of a parcel that is on its way: the thread says so, for another one must be sent."""
    ticket = ticket_for(session, reference)
    ticket.record("passphrase_not_shown", actor, now)
    return told(session, office, ticket, now)


def must_be_writable(office: Office, ticket: Ticket) -> None:
    """Raises Refused with the reason where a letter must not, or can't, be written to the requester."""
    must_be_open(ticket)
    reasons = (
        (not ticket.requester, "there is no address to write to."),
        (waits_for_sender(ticket), "a colleague forwarded it. Press Confirm sender first: else the letter may go to the wrong person."),
        (ticket.requester in office.config.own_addresses, "its sender is our own mailbox; there is nobody to write to."),
        (is_doubted(ticket), "its sender is in doubt. Press Answer anyway first, if you are sure who wrote."),
    )
    if (reason := next((words for applies, words in reasons if applies), None)) is not None:
        raise Refused(f"{ticket.reference}: {reason}")


def _letter(office: Office, ticket: Ticket, text: str, language: str) -> Letter:
    unwritten = {" ".join(office.letters.reply_start(start, language).split()) for start in ("blank", "questions")}
    if " ".join(text.split()) in {"", *unwritten}:
        raise Refused("There is nothing in the letter yet. Please write what you want to say.")
    if len(text) > LONGEST:
        raise Refused(f"The letter is too long: {len(text):,} characters, at most {LONGEST:,}. Send the rest as a file.")
    try:
        return office.letters.reply(reference=ticket.reference, text=text, language=language, regime=ticket.regime)
    except ValueError:
        raise Refused("There is nothing in the letter that could be read. Please write what you want to say.") from None


def _must_fit(office: Office, files: Sequence[Attachment]) -> None:
    largest, total = _largest(office), sum(file.size for file in files)
    if total > largest:
        raise Refused(f"The files are too large for a mail: {total:,} bytes, at most {largest:,} (slack.largest_reply).")


def _largest(office: Office) -> int:
    """Bytes; 0 mail-only, where nobody can upload any."""
    return office.config.slack.largest_reply if office.config.slack else 0


def _place(session: Session, ticket: Ticket) -> tuple[str, str]:
    """Channel and time stamp of the ticket's card, whose thread may hold files; both empty while no card was posted."""
    sent = select(Notice.receipt).where(
        Notice.lane == f"card:{ticket.reference}", Notice.kind == "card", Notice.state == NoticeState.SENT
    )  # fmt: skip
    channel, _, ts = (session.scalar(sent.order_by(Notice.id.desc()).limit(1)) or "").partition(":")
    return channel, ts


def _ticket(session: Session, reference: str) -> Ticket:
    ticket = ticket_by_reference(session, reference)
    if ticket is None:
        raise Refused("There is no such ticket.")
    return ticket
