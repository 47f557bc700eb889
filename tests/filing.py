"""Filing: messages put into the record rooms with a reading of the test's choice, and what the rooms hold afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.amending import amend, withdraw
from bot.asking.house import house_of
from bot.asking.whom import who_asks
from bot.inquiry import Inquiry
from bot.intake import Filed, file_inquiry
from bot.parsing import parse_email, parse_slack
from bot.posting import moment, read_post
from bot.screening import Decision, Policy, screen
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Event, Message, Notice, Request, Ticket
from tests.builders import Bench, mail

JO = "jo@home.example"


def reading(*intents: Intent, unclear: bool = False, language: str = "en") -> Prediction:
    """What the classifier would say of a message that asks for `intents`; without any, that nobody can tell."""
    asked = intents or (Intent.OTHER,)
    return Prediction(
        intents=asked, scores=dict.fromkeys(asked, 0.9), confidence=0.9, unclear=unclear or not intents, language=language,
        language_confidence=0.9, evidence={intent: f"Jo asks for {intent.value}." for intent in asked}, model="test",
    )  # fmt: skip


def take(bench: Bench, raw: bytes, *intents: Intent, unclear: bool = False, at: datetime | None = None) -> Filed:
    """File a mail as the app does, but read as the test says. `at`: when it reached the mailbox (now, if not given)."""
    return record(bench, parse_email(raw, at or bench.clock()), reading(*intents, unclear=unclear))


def take_slack(bench: Bench, event: Mapping[str, Any], *intents: Intent) -> Filed:
    """File a message of the intake channel, read as the test says."""
    return record(bench, parse_slack(event, datetime.fromtimestamp(float(event["ts"]), UTC)), reading(*intents))


def edit_slack(bench: Bench, event: Mapping[str, Any], text: str, *intents: Intent, edited: str, unclear: bool = False) -> Filed:
    """A post gets other words, read as the test says; `edited`: Slack's time stamp of that."""
    inquiry = who_asks(parse_slack({**event, "text": text}, moment(event["ts"])), house_of(bench.app.config))
    verdict, read = screen(inquiry, Policy(frozenset(), "example.test")), reading(*intents, unclear=unclear)
    office, now = bench.app.office, bench.clock()
    filed: Filed = bench.app.read(lambda session: amend(session, office, inquiry, verdict, read, edited, now))
    return filed


def delete_slack(bench: Bench, event: Mapping[str, Any]) -> Filed:
    """A post is deleted by whoever wrote it."""
    post = read_post({"subtype": "message_deleted", "channel": event["channel"], "deleted_ts": event["ts"], "ts": event["ts"],
                      "previous_message": event})  # fmt: skip
    assert post is not None
    filed: Filed = bench.app.read(lambda session: withdraw(session, bench.app.office, post, bench.clock()))
    return filed


def record(bench: Bench, inquiry: Inquiry, prediction: Prediction) -> Filed:
    """Screen and file an inquiry in a transaction."""
    office = bench.app.office
    own = office.config.own_addresses
    policy = Policy(own, office.config.mailbox.address.partition("@")[2], loop_tokens_valid=lambda token: token == office.loop_token)
    inquiry = who_asks(inquiry, house_of(office.config))
    verdict = screen(inquiry, policy)
    read = prediction if verdict.decision is Decision.ACCEPT else reading()
    filed: Filed = bench.app.read(lambda session: file_inquiry(session, office, inquiry, verdict, read, bench.clock()))
    return filed


def opened(bench: Bench, *intents: Intent, number: int = 1, sender: str = "Jo Doe <jo@home.example>", at: datetime | None = None) -> str:
    """The reference of a new ticket for a mail that asks for `intents`."""
    filed = take(bench, mail("Please see to it.", number=number, sender=sender), *intents, at=at)
    assert filed.reference, filed
    return filed.reference


def reply(
    body: str = "Here is more.", *, to: str, number: int = 2, sender: str = "Jo Doe <jo@home.example>", subject: str = "Re: My data"
) -> bytes:
    """A mail that answers the message with the id `to`."""
    return mail(body, sender=sender, subject=subject, number=number, headers=f"In-Reply-To: {to}\nReferences: {to}\n")


def the_ticket(bench: Bench, reference: str) -> Ticket:
    """A ticket with its requests, messages and journal, as the database has it."""

    def look(session: Session) -> Ticket:
        ticket = session.scalars(select(Ticket).where(Ticket.reference == reference)).one()
        _ = ticket.requests, ticket.events, [message.attachments for message in ticket.messages]
        return ticket

    ticket: Ticket = bench.app.read(look)
    return ticket


def rows(bench: Bench, table: type[Any]) -> list[Any]:
    """All rows of a table, oldest first."""
    found: list[Any] = bench.app.read(lambda session: list(session.scalars(select(table).order_by(table.id))))
    return found


def notices(bench: Bench, kind: str = "") -> list[Notice]:
    """What is or was in the outbox, of one kind if given."""
    return [notice for notice in rows(bench, Notice) if kind in ("", notice.kind)]


def journal(bench: Bench, reference: str) -> list[str]:
    """The kinds of a ticket's journal lines."""
    return [event.kind for event in the_ticket(bench, reference).events]


def counts(bench: Bench) -> dict[str, int]:
    """How many rows each table has."""
    return {table.__tablename__: len(rows(bench, table)) for table in (Ticket, Request, Message, Event, Notice)}


def our_message_id(bench: Bench, kind: str = "acknowledgement") -> str:
    """The Message-ID of the last letter of this kind."""
    payload = notices(bench, kind)[-1].payload
    assert payload
    return str(payload["message_id"])


def request_ids(bench: Bench, reference: str) -> dict[str, int]:
    """Intent -> id of the ticket's requests, as the closing form knows them."""
    return {request.intent: request.id for request in the_ticket(bench, reference).requests}


def close(bench: Bench, reference: str, reasons: str = "", *, letter: bool = True, **outcomes: str) -> None:
    """Give requests of a ticket their outcomes, as the form does."""
    ids = request_ids(bench, reference)
    chosen = {ids[intent]: outcome for intent, outcome in outcomes.items()}
    bench.app.act("close", reference, "U1", outcomes=chosen, reasons=reasons, letter=letter)
