"""Threads: which ticket a message belongs to, so that a reply finds its matter and a guessed reference never does.

Three keys lead to a ticket, the surest first: an id that only the readers of our letter know (our own Message-ID, which carries a
keyed token, or the one a sending server put in its place); the id of a mail in the ticket, from somebody who takes part in it; our
reference in the subject, from somebody who takes part in it. Our reference in the body is no key: people quote old letters in new
matters. Without any key a mail is never put where it might belong to another ticket: see `only_ticket`.
"""

import re
from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.clerk import REFERENCE, intents_of, ticket_by_reference
from bot.inquiry import Inquiry, Source
from bot.office import Office
from bot.reading.likeness import base_subject, is_reply, names_agree, same_words
from bot.robots.bounces import is_only_a_warning
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Direction, Message, Status, Ticket

CONTINUED = "continued"
"""The journal line of a closed ticket whose matter goes on in another one; `other` in its detail is the reference."""

_ACTION = re.compile(rb"^action:[ \t]{0,10}([a-z]+)", re.IGNORECASE | re.MULTILINE)
_LOOSE_ID = re.compile(r"[^\s<>()\[\]\"',;]{3,998}")  # an id as gateways leave it: without brackets, beside a comment
_OUR_ID = re.compile(r"(prv-\d{4}-\d{5,9}\.[a-z0-9-]{1,40})\.([0-9a-f]{16})(?![0-9a-f])")
_HEADER = 20_000  # characters of one field that are looked at
_IDS = 50
_SUCCESSORS = 20


def find_ticket(session: Session, office: Office, inquiry: Inquiry) -> Ticket | None:
    """The ticket this message answers, or None: by Slack thread, by the Message-IDs it names, or by the reference in its subject.

    Where the matter of a closed or merged ticket went on in another one, that one.
    """
    if inquiry.source is Source.SLACK:
        return _by_slack_thread(session, inquiry)
    found = next((ticket for ticket, may_join in _named(session, office, inquiry) if may_join), None)
    return _newest(session, found) if found is not None else None


def named_by_stranger(session: Session, office: Office, inquiry: Inquiry) -> Ticket | None:
    """A ticket that a mail names whose sender has no part in it: it is not joined, but staff may want to know."""
    if inquiry.source is Source.SLACK:
        return None
    return next((ticket for ticket, may_join in _named(session, office, inquiry) if not may_join), None)


def only_ticket(session: Session, office: Office, inquiry: Inquiry, asks_nothing: bool) -> Ticket | None:
    """The ticket of a mail that carries no key but can mean no other, or None.

    Its sender has asked once in all, under the same name, and that ticket is open; and the mail either asks for nothing at all, or
    is a reply whose subject is that of a letter of ours in this ticket. A sender with two tickets, be one of them long closed,
    means the one or the other: nobody guesses.
    """
    mine = _tickets_of(session, office, inquiry)
    if len(mine) != 1 or mine[0].is_closed or not _same_name(mine[0], inquiry):
        return None
    return mine[0] if asks_nothing or _answers_a_letter(mine[0], inquiry) else None


def open_tickets(session: Session, office: Office, inquiry: Inquiry) -> list[Ticket]:
    """The sender's open tickets, oldest first."""
    return [ticket for ticket in _tickets_of(session, office, inquiry) if not ticket.is_closed]


def same_matter(session: Session, office: Office, inquiry: Inquiry, prediction: Prediction) -> Ticket | None:
    """An open ticket from the same address and name that already asks for all of this."""
    asked = set(prediction.intents)
    if prediction.unclear or not inquiry.sender.address or asked & {Intent.OTHER, Intent.BREACH_REPORT, Intent.AUTHORITY, Intent.QUESTION}:
        return None
    mine = select(Ticket).where(Ticket.requester_hash == office.vault.digest(inquiry.sender.address), Ticket.status != Status.CLOSED)
    return next(
        (t for t in session.scalars(mine.order_by(Ticket.id)) if asked <= set(intents_of(t.open_requests)) and _same_name(t, inquiry)), None
    )


def second_copy(session: Session, office: Office, inquiry: Inquiry) -> Message | None:
    """The message of which this is a second copy, come by an alias or a list: same Message-ID, sender, words and files.

    What servers change on the way is not looked at: Received lines, tags in the subject, a list's footer. With other words it is no
    copy: some senders give many mails one Message-ID.
    """
    if inquiry.source is Source.SLACK or not inquiry.message_id or not inquiry.sender.address:
        return None
    sizes = sorted(file.size for file in inquiry.attachments)
    return next(
        (m for m in _with_its_id(session, office, inquiry)
         if same_words(m.text or "", inquiry.text) and sorted(file.size for file in m.attachments) == sizes), None
    )  # fmt: skip


def said_again(ticket: Ticket, inquiry: Inquiry) -> bool:
    """The very words of an earlier message: sent twice, and no letter for another person from the same office."""
    words = inquiry.text.split()
    return bool(words) and any((m.text or "").split() == words for m in ticket.messages if m.direction == Direction.IN)


def came_back(inquiry: Inquiry) -> bool:
    """Whether a bounce says that the letter was not delivered, and not merely that it is late or has arrived (RFC 3464 2.3.3)."""
    reports = [file.content[:64_000] for file in inquiry.attachments if file.media_type == "message/delivery-status"]
    actions = {action.lower() for report in reports for action in _ACTION.findall(report)}
    return b"failed" in actions if actions else not is_only_a_warning(inquiry)


def _by_slack_thread(session: Session, inquiry: Inquiry) -> Ticket | None:
    place = inquiry.place
    if place is None or not place.thread_ts or place.thread_ts == place.ts:
        return None
    found = session.scalar(select(Ticket).where(Ticket.slack_channel == place.channel, Ticket.slack_thread == place.thread_ts))
    return found.current if found is not None else None


def _named(session: Session, office: Office, inquiry: Inquiry) -> Iterator[tuple[Ticket, bool]]:
    """Each ticket that a mail names, the surest way first, and whether the sender may add to it."""
    yield from _by_ids(session, office, inquiry)
    for message in _with_its_id(session, office, inquiry):  # the same Message-ID in other words: another version of the same letter?
        if base_subject(message.subject or "") == base_subject(inquiry.subject):
            yield session.get_one(Ticket, message.ticket_id), True
    for reference in REFERENCE.findall(inquiry.subject.upper())[:3]:
        if (ticket := ticket_by_reference(session, reference)) is not None:
            yield ticket, any(_takes_part(office, one, inquiry) for one in {ticket, ticket.current})


def _by_ids(session: Session, office: Office, inquiry: Inquiry) -> Iterator[tuple[Ticket, bool]]:
    """Our own Message-IDs can't be guessed, so whoever names one was sent it; a stranger's id counts only from the person it belongs to."""
    ids = _named_ids(inquiry)
    known = _messages_by_id(session, office, ids)
    for name in ids:
        if (ticket := _by_token(session, office, name)) is not None:
            yield ticket, True
        for message in known.get(name, ()):
            ticket = session.get_one(Ticket, message.ticket_id)
            yield ticket, message.direction == Direction.OUT or _takes_part(office, ticket, inquiry)


def _named_ids(inquiry: Inquiry) -> list[str]:
    """The ids a mail answers, without brackets: In-Reply-To, which clients keep, then References from the newest (RFC 5322 3.6.4).

    Read from the fields as they came, for gateways lose brackets; the last ones stand for ids that a fold has cut in two.
    """
    answered, references = (_loose_ids(inquiry, name) for name in ("in-reply-to", "references"))
    whole = [name.strip("<>") for name in inquiry.thread_ids]
    fields = ("".join(_field(inquiry, name).split()).lower() for name in ("in-reply-to", "references"))
    uncut = [found[0] for field in fields for found in _OUR_ID.finditer(field)]
    return list(dict.fromkeys((*answered, *reversed(references), *whole, *reversed(uncut))))[: 2 * _IDS]


def _loose_ids(inquiry: Inquiry, name: str) -> list[str]:
    found = (word.rstrip(".:") for word in _LOOSE_ID.findall(_field(inquiry, name)))
    return [word for word in found if "@" in word or _OUR_ID.search(word.lower())][-_IDS:]


def _field(inquiry: Inquiry, name: str) -> str:
    return inquiry.header(name)[-_HEADER:]


def _by_token(session: Session, office: Office, name: str) -> Ticket | None:
    """Our id proves itself by its token, whatever a gateway did to the letter case, the domain or what stands behind it."""
    found = _OUR_ID.search(name.lower())
    if found is None or not office.vault.token_is_ours(found[1], found[2]):
        return None
    return ticket_by_reference(session, found[1].partition(".")[0])


def _messages_by_id(session: Session, office: Office, ids: list[str]) -> dict[str, list[Message]]:
    """The messages in tickets that go by one of these ids, newest first."""
    own = {office.vault.digest(f"<{name}>"): name for name in ids}
    if not own:
        return {}
    either = or_(Message.message_id_hash.in_(own), Message.reported_id_hash.in_(own))
    found: dict[str, list[Message]] = {}
    for message in session.scalars(select(Message).where(either, Message.ticket_id.is_not(None)).order_by(Message.id.desc())):
        name = own.get(message.message_id_hash or "") or own[message.reported_id_hash or ""]
        found.setdefault(name, []).append(message)
    return found


def _with_its_id(session: Session, office: Office, inquiry: Inquiry) -> list[Message]:
    """What came in before in a ticket with this mail's own Message-ID from its sender."""
    if not inquiry.message_id or not inquiry.sender.address:
        return []
    same = select(Message).where(
        Message.message_id_hash == office.vault.digest(inquiry.message_id), Message.direction == Direction.IN,
        Message.correspondent_hash == office.vault.digest(inquiry.sender.address), Message.ticket_id.is_not(None),
    )  # fmt: skip
    return list(session.scalars(same.order_by(Message.id)))


def _newest(session: Session, ticket: Ticket) -> Ticket:
    """Where the matter of a merged or closed ticket goes on."""
    for _ in range(_SUCCESSORS):
        ticket = ticket.current
        further = next((event.detail.get("other") for event in reversed(ticket.events) if event.kind == CONTINUED), None)
        after = ticket_by_reference(session, further) if further and ticket.is_closed else None
        if after is None:
            break
        ticket = after
    return ticket


def _tickets_of(session: Session, office: Office, inquiry: Inquiry) -> list[Ticket]:
    if inquiry.source is Source.SLACK or not inquiry.sender.address:
        return []
    mine = select(Ticket).where(
        Ticket.requester_hash == office.vault.digest(inquiry.sender.address), Ticket.merged_into_id.is_(None)
    )  # fmt: skip
    return list(session.scalars(mine.order_by(Ticket.id).limit(100)))


def _answers_a_letter(ticket: Ticket, inquiry: Inquiry) -> bool:
    """A reply whose subject is that of one of our letters, the reference in brackets taken away."""
    ours = {base_subject(m.subject or "") for m in ticket.messages if m.direction == Direction.OUT} - {""}
    return is_reply(inquiry.subject) and base_subject(inquiry.subject) in ours


def _same_name(ticket: Ticket, inquiry: Inquiry) -> bool:
    """One address may write for several people: a family, a lawyer, a deletion service."""
    return names_agree(ticket.requester_name or "", inquiry.sender.name)


def _takes_part(office: Office, ticket: Ticket, inquiry: Inquiry) -> bool:
    """The sender is the requester or wrote in this ticket before."""
    if not inquiry.sender.address:
        return False
    sender = office.vault.digest(inquiry.sender.address)
    return sender == ticket.requester_hash or any(m.correspondent_hash == sender and m.direction == Direction.IN for m in ticket.messages)
