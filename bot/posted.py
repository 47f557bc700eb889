"""Posted: whose request a colleague's post is: the thread asks where it names nobody, and learns it from the answer."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.inquiry import Inquiry, Source
from bot.notices import queue_thread_answer
from bot.office import Office
from models import Ticket

CONFIRM_POST = "told in Slack: confirm requester and receipt before a letter goes out"
NO_ADDRESS = "told in Slack without the requester's address: asked for in the thread"
_OTHER_ADDRESS = "another address was named in the Slack thread: see whose request it is"
_ASK = " Whose request is it? Please answer here with the requester's mail address; the desk can do it, too (*Correct sender*)."


def note_post(session: Session, ticket: Ticket, inquiry: Inquiry, now: datetime) -> None:
    """Answer the post that opened a ticket in its thread; without one address that can be the requester's, ask for it."""
    if inquiry.source is not Source.SLACK:
        return
    known = bool(ticket.requester)
    ticket.warn(CONFIRM_POST if known else NO_ADDRESS)
    words = f"Thank you. This is ticket *{ticket.reference}* now; the desk has it.{'' if known else _ASK}"
    queue_thread_answer(session, ticket, "taken", words, now)


def learn_requester(session: Session, office: Office, ticket: Ticket, inquiry: Inquiry, now: datetime) -> None:
    """A colleague who brought the matter up names the requester's address later, in the thread or by editing the post.

    It never takes the place of an address that is known already: that is for a person to see.
    """
    address = inquiry.sender.address
    if not address or address == ticket.requester:
        return
    if ticket.requester:
        ticket.warn(_OTHER_ADDRESS)
        return
    ticket.requester, ticket.requester_hash = address, office.vault.digest(address)
    ticket.lift_warnings(NO_ADDRESS)
    ticket.warn(CONFIRM_POST)
    ticket.record("requester_learned", f"slack:{inquiry.place.user}" if inquiry.place else "bot", now)
    words = "Thank you, the requester's address is noted. The desk confirms it before a letter goes out."
    queue_thread_answer(session, ticket, f"learned-{len(ticket.events)}", words, now)
