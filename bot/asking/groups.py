"""Groups: a mail group or shared mailbox of ours that put itself into From; the writer stands in another field."""

from dataclasses import replace

from bot.asking.house import House
from bot.asking.words import says
from bot.inquiry import Address, Inquiry
from bot.reading.headers import parse_addresses


def undo_rewriting(inquiry: Inquiry, house: House) -> Inquiry:
    """The inquiry as sent by its writer, where a group of ours rewrote From (as DMARC makes them do); else unchanged.

    No open door: only a From that is ours is ever replaced. A foreign From with another Reply-To stays From.
    """
    if not _is_rewritten(inquiry, house):
        return inquiry
    writer = _writer(inquiry, house)
    if writer is None:
        return inquiry
    return replace(inquiry, sender=Address(writer.address, writer.name or _name_before_via(inquiry.sender.name)))


def _is_rewritten(inquiry: Inquiry, house: House) -> bool:
    """Our own mailbox in From, or an address of our domain that writes `via` into its name."""
    sender = inquiry.sender
    return house.is_own(sender.address) or (house.is_ours(sender.address) and says("via", f" {sender.name} "))


def _writer(inquiry: Inquiry, house: House) -> Address | None:
    """X-Original-From or X-Original-Sender, which Google's groups write, else the only address in Reply-To that is not ours."""
    for field in ("x-original-from", "x-original-sender"):
        named = [one for one in _addresses(inquiry, field) if not house.is_ours(one.address)]
        if len(named) == 1:
            return named[0]
    strangers = [address for address in inquiry.reply_to if not house.is_own(address.address)]
    return strangers[0] if len(strangers) == 1 else None


def _addresses(inquiry: Inquiry, field: str) -> tuple[Address, ...]:
    return tuple(one for value in inquiry.headers.get(field, ()) for one in parse_addresses(value))


def _name_before_via(name: str) -> str:
    """`'Jo Doe' via Privacy` -> `Jo Doe`."""
    before, found, _ = name.casefold().partition(" via ")
    return name[: len(before)].strip(" '\"") if found else ""
