"""Reminding: sweeps at moments of the test's choice, and what they told to whom."""

from datetime import UTC, datetime, timedelta

from bot.outbox import Parcel
from intents.catalog import Intent
from models import Event
from tests.builders import Bench
from tests.filing import opened, our_message_id, reply, rows, take

DUE_MORNING = datetime(2026, 12, 23, 7, tzinfo=UTC)  # 08:00 in Berlin; an access request of MONDAY is due on this Wednesday
DAY = timedelta(days=1)


def told(bench: Bench) -> list[Parcel]:
    """The reminders that went out since the last look, to Slack and by mail."""
    bench.app.deliver()
    sent = [parcel for parcel in bench.slack.sent + bench.letters.sent if parcel.key.startswith("reminder:")]
    bench.slack.sent.clear()
    bench.letters.sent.clear()
    return sent


def places(parcels: list[Parcel]) -> list[str]:
    """Where they went: a channel, a colleague, a mail address."""
    return [str(parcel.payload.get("channel") or parcel.payload["to"]) for parcel in parcels]


def texts(parcels: list[Parcel]) -> list[str]:
    return [str(parcel.payload["text"]) for parcel in parcels]


def look(bench: Bench, at: datetime) -> list[Parcel]:
    """One sweep at that moment, and what it told."""
    bench.clock.at = at
    bench.app.remind()
    return told(bench)


def live(bench: Bench, until: datetime, every: timedelta = timedelta(hours=1)) -> None:
    """Let the clock poke as the scheduler does."""
    while bench.clock.at < until:
        bench.app.remind()
        bench.clock.at += every


def steps_told(bench: Bench, about: str = "") -> list[str]:
    """The steps in the journals, oldest first; of one intent if given, else of all that has an intent."""
    told = [event.detail for event in rows(bench, Event) if event.kind == "reminded"]
    return [detail["step"] for detail in told if detail["intent"] and about in ("", detail["intent"])]


def claimed(bench: Bench, *intents: Intent, number: int = 1, sender: str = "Jo Doe <jo@home.example>", at: datetime | None = None) -> str:
    """The reference of a new ticket that U7 has."""
    reference = opened(bench, *intents, number=number, sender=sender, at=at)
    bench.app.act("claim", reference, "U7")
    return reference


def requester_answers(bench: Bench, reference: str, number: int = 50) -> None:
    """A mail joins the ticket, and the sweep is to look at it."""
    take(bench, reply(to=our_message_id(bench), number=number))
