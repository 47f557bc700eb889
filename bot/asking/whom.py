"""Whom a mail comes from and for whom it asks: one step between reading a mail and screening it."""

from collections.abc import Callable
from dataclasses import replace

from bot.asking.agents import behalf, caution, service_of
from bot.asking.forwards import undo_forward
from bot.asking.groups import undo_rewriting
from bot.asking.house import House
from bot.asking.several import CAUTION, are_several
from bot.inquiry import Address, Inquiry, Source
from bot.parsing import addresses_in
from intents.classifier import Prediction


def who_asks(inquiry: Inquiry, house: House) -> Inquiry:
    """The inquiry with its true sender, what a colleague passed on, for whom it is asked, and what a person should look at."""
    if inquiry.source is Source.SLACK:
        return replace(inquiry, sender=requester_named(inquiry, house))
    inquiry = undo_forward(undo_rewriting(inquiry, house), house)
    asked_for = behalf(inquiry)
    service = service_of(inquiry)
    cautions = list(inquiry.cautions)
    if asked_for is not None:
        cautions.append(caution(asked_for))
    elif service is not None:
        cautions.append(f"written with the help of {service.name}")
    if are_several(inquiry, house):
        cautions.append(CAUTION)
    return replace(inquiry, behalf=asked_for, cautions=tuple(cautions))


def requester_named(inquiry: Inquiry, house: House) -> Address:
    """The one address in a colleague's post that can be the requester's: an outsider's, else a colleague's own; never our mailbox."""
    named = {address for address in addresses_in(inquiry.body) if not house.is_own(address)}
    outside = {address for address in named if not house.is_ours(address)} or named
    return Address(outside.pop()) if len(outside) == 1 else Address("")


def understood(predict: Callable[[str, str], Prediction], inquiry: Inquiry) -> Prediction:
    """What the text asks for; where that is unclear and a colleague passed it on, their note may say it. The language is the text's."""
    prediction = predict(inquiry.subject, inquiry.text)
    note = inquiry.forward.note if inquiry.forward else ""
    if not prediction.unclear or not note:
        return prediction
    second = predict(inquiry.subject, f"{note}\n\n{inquiry.text}")
    if second.unclear:
        return prediction
    return replace(second, language=prediction.language, language_confidence=prediction.language_confidence)
