"""What happens in the demo after the mails: colleagues press buttons, and the clock moves on."""

import email
import email.policy
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo.slack_text import message_lines
from bot.demo.stage import ANN, BEN, DESK, MANAGER, Stage
from bot.reminder_steps import WorkingTime
from intents.catalog import Intent
from models import Ticket

_WAIT = 15.0
_WEEK = re.compile(r"\d{4}-W\d\d")
_WIDTH = 100


def readable(raw: bytes) -> Any:
    """A letter, parsed."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def show_cards(console: Console, stage: Stage) -> None:
    """The desk channel as it stands."""
    console.rule("Slack: the desk channel")
    for message in stage.slack.messages(DESK):
        if "thread_ts" not in message:
            _print(console, message, "blue")


def colleagues_act(console: Console, stage: Stage) -> None:
    """Ann claims the first ticket; Ben answers the question and closes it, with a letter."""
    cards = stage.slack.messages(DESK)
    first = next(card for card in cards if _buttons(card) >= {"claim"})
    console.rule("Ann presses Claim on the first card; it is edited in place")
    stage.slack.press(ANN, DESK, first["ts"], "claim").wait_ack()
    stage.slack.wait_for(lambda: "claim" not in _buttons(stage.slack.message(DESK, first["ts"])), _WAIT)
    _print(console, stage.slack.message(DESK, first["ts"]), "green")
    question = next((card for card in cards if f"· {Intent.QUESTION.value.capitalize()}" in str(card.get("blocks"))), first)
    console.rule("Ben presses Close on the question's card and fills in the form: a closing letter goes out")
    stage.slack.press(BEN, DESK, question["ts"], "close").wait_ack()
    form = stage.slack.wait_for(lambda: stage.slack.views_of(BEN), _WAIT)[-1]
    stage.slack.submit(BEN, form, {"outcome": "fulfilled", "send": ["send"]}).wait_ack()
    stage.slack.wait_for(lambda: "reopen" in _buttons(stage.slack.message(DESK, question["ts"])), _WAIT)
    _print(console, stage.slack.message(DESK, question["ts"]), "green")
    stage.await_outbox()


def move_the_clock(console: Console, stage: Stage) -> str:
    """To next Monday's digest, to a week before the first due date, and to that day. Returns the digest's page."""
    first, monday = stage.app.read(_first_due), _next_monday(stage.clock(), stage.app.config.organisation.time_zone)
    _at(console, stage, "Next Monday: the weekly digest, and what is late by then", monday)
    letters = [readable(raw) for raw in stage.mail.inbox(MANAGER)]
    digest = next(letter for letter in reversed(letters) if _WEEK.search(str(letter["Subject"])))
    text = digest.get_body(("plain",)).get_content()
    console.print(Panel(text.strip(), title=str(digest["Subject"]), width=_WIDTH, border_style="magenta"))
    _at(console, stage, "A week before the first month ends: the reminder", _at_work(stage, first - timedelta(days=7, hours=12)))
    _at(console, stage, "On its last day: the escalation", _at_work(stage, first - timedelta(hours=12)))
    return _with_its_pictures(digest)


def _with_its_pictures(letter: Any) -> str:
    """A letter's page as a file that needs nothing else: its pictures put where the letter names them (RFC 2392)."""
    page = str(letter.get_body(("html",)).get_content())
    for part in letter.walk():
        if part.get_content_maintype() == "image":
            picture = f"data:{part.get_content_type()};base64,{b64encode(part.get_content()).decode('ascii')}"
            page = page.replace(f"cid:{part['Content-ID'].strip('<>')}", picture)
    return page


def _first_due(session: Session) -> datetime:
    """The end of the first ordinary period: breaches run in hours, and are late long before."""
    dues = session.scalars(select(Ticket.due_at).where(Ticket.due_at.is_not(None)).order_by(Ticket.id)).all()
    return next(due for due in dues if due is not None)


def _at_work(stage: Stage, moment: datetime) -> datetime:
    """That day, or the one before on which people are told of things."""
    working = WorkingTime.of(stage.app.config)
    return next(day for day in (moment - timedelta(days=days) for days in range(14)) if working.is_open(day))


def _next_monday(moment: datetime, zone: ZoneInfo) -> datetime:
    """Nine o'clock of the Monday after this week at the office: on a Sunday night in UTC the next week may have begun there."""
    local = moment.astimezone(zone)
    return (local + timedelta(days=7 - local.weekday())).replace(hour=9, minute=0).astimezone(UTC)


def _at(console: Console, stage: Stage, title: str, moment: datetime) -> None:
    mails, seen = len(stage.mail.inbox(MANAGER)), {message["ts"] for _, message in _slack_lines(stage)}
    stage.clock.move_to(moment)
    stage.app.remind()
    stage.await_outbox()
    console.rule(f"{title} ({moment:%A %d %B %Y})")
    for raw in stage.mail.inbox(MANAGER)[mails:]:
        console.print(f"[green]mail to {MANAGER}:[/green] {readable(raw)['Subject']}")
    for place, message in _slack_lines(stage):
        if message["ts"] not in seen and "thread_ts" not in message:
            console.print(f"[blue]Slack, {place}:[/blue] " + "\n    ".join(message_lines(message)[:6]))


def _slack_lines(stage: Stage) -> list[tuple[str, dict[str, Any]]]:
    channels = (("desk channel", DESK), ("to Ann directly", stage.slack.direct_channel(ANN)))
    return [(name, message) for name, channel in channels for message in stage.slack.messages(channel)]


def _buttons(message: dict[str, Any]) -> set[str]:
    return {element.get("action_id", "") for block in message.get("blocks", ()) for element in block.get("elements", ())}


def _print(console: Console, message: dict[str, Any], colour: str) -> None:
    console.print(Panel("\n".join(message_lines(message)), width=_WIDTH, border_style=colour))
