"""Forwards: a colleague passes on what somebody else wrote; that person asks, and the clock began when they did."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.asking.blocks import blocks
from bot.asking.dates import OLDEST, date_of
from bot.asking.house import House
from bot.asking.words import terms
from bot.inquiry import Address, Attachment, Forward, Inquiry
from bot.parsing import parse_email
from bot.reading.headers import parse_date
from bot.reading.visible_text import separate
from bot.robots.senders import is_role

CONFIRM = "forwarded by a colleague: confirm requester and receipt"
NO_REQUESTER = "forwarded by a colleague: it does not show whose letter it is"
NO_DATE = "forwarded by a colleague: without a date that can be true, the clocks run from the forward"

_DEEPEST = 4  # mails inside mails
_PREFIX = re.compile(r"^\s*(?:\[[^\[\]]{1,30}\]\s*)*([^\W\d_][^\s:：]{0,15})\s?[:：]")


@dataclass(frozen=True, slots=True)
class Original:
    """A mail that is carried along."""

    sender: Address = field(repr=False)
    received_at: datetime | None
    text: str = field(repr=False)


def undo_forward(inquiry: Inquiry, house: House) -> Inquiry:
    """The inquiry as asked by whoever wrote what a colleague passed on; unchanged where it is no colleague's forward.

    `sender` stays the colleague: the mail came from there.
    """
    if not house.is_ours(inquiry.sender.address) or is_role(inquiry):
        return inquiry
    carried, note = _carried(inquiry, house)
    original = _outsiders(carried, house) or (_innermost(carried, house) if is_forward(inquiry.subject) else None)
    if original is not None:
        return replace(
            inquiry, text=original.text or inquiry.text, forward=Forward(original.sender, original.received_at, note),
            cautions=(*inquiry.cautions, *_cautions(original)),
        )  # fmt: skip
    if not carried and (is_forward(inquiry.subject) or any(_is_outlook_item(file) for file in inquiry.attachments)):
        return replace(inquiry, forward=Forward(Address("")), cautions=(*inquiry.cautions, NO_REQUESTER))
    return inquiry


def is_forward(subject: str) -> bool:
    """The subject begins with what clients put before that of a mail passed on."""
    prefix = _PREFIX.match(subject)
    return bool(prefix) and prefix[1].casefold() in terms("forward_prefixes")  # type: ignore[index]


def _carried(inquiry: Inquiry, house: House) -> tuple[list[Original], str]:
    """All mails carried along, the outermost first, and the colleague's words above them.

    A mail that is attached shows its date and text better than a block of header lines does.
    """
    attached = list(_attached(inquiry, house, inquiry.received_at, _DEEPEST))
    shown = blocks(inquiry.body)
    above = inquiry.body.split("\n")[: shown[0].line] if shown else inquiry.text.split("\n")
    by_sender = {original.sender.address: original for original in reversed(attached)}
    in_text = [
        by_sender.get(block.sender.address) or Original(block.sender, date_of(block.date, house.zone, inquiry.received_at), block.text)
        for block in shown
    ]
    return [*in_text, *attached], separate("\n".join(above)).text if shown or attached else ""


def _attached(inquiry: Inquiry, house: House, latest: datetime, depth: int) -> Iterator[Original]:
    for file in inquiry.attachments if depth else ():
        if file.media_type not in {"message/rfc822", "message/global"} and not file.name.lower().endswith(".eml"):
            continue
        mail = parse_email(file.content, latest)
        yield Original(mail.sender, _possible(_arrived(mail), latest), mail.text)
        if house.is_ours(mail.sender.address):
            yield from (Original(b.sender, date_of(b.date, house.zone, latest), b.text) for b in blocks(mail.body))
            yield from _attached(mail, house, latest, depth - 1)


def _arrived(mail: Inquiry) -> datetime | None:
    """When our own server took it (the topmost Received, RFC 5321 section 4.4), else when its writer's clock says it was sent."""
    received = mail.headers.get("received", ("",))[0]
    return parse_date(received.rpartition(";")[2].strip()) or mail.sent_at


def _possible(moment: datetime | None, latest: datetime) -> datetime | None:
    return min(moment, latest) if moment and moment >= latest - OLDEST else None


def _outsiders(carried: list[Original], house: House) -> Original | None:
    """The first mail that no colleague wrote; one that shows only a name, as Outlook does for colleagues, when there is no other."""
    foreign = [original for original in carried if not house.is_ours(original.sender.address)]
    with_address = (original for original in foreign if "." in original.sender.domain)
    nameless = (original for original in foreign if original.sender.name)
    return next(with_address, None) or next(nameless, None)


def _innermost(carried: list[Original], house: House) -> Original | None:
    """Among colleagues only: an employee asks about their own data, and whoever wrote first asks."""
    return next((original for original in reversed(carried) if original.sender.address and not house.is_own(original.sender.address)), None)


def _is_outlook_item(file: Attachment) -> bool:
    return file.name.lower().endswith(".msg") or file.media_type == "application/vnd.ms-outlook"


def _cautions(original: Original) -> Iterator[str]:
    yield CONFIRM
    if not original.sender.address:
        yield NO_REQUESTER
    if original.received_at is None:
        yield NO_DATE
