"""The tickets command: lists, one ticket, and a search, for people at a terminal of any width and for scripts."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import lookup
from bot.app import App
from bot.clocks import regimes
from bot.commands.held import plain
from bot.commands.record_lines import Choice
from bot.config_file import ConfigError
from bot.desk import Refused
from bot.lookup import Found, Wanted
from bot.register import find
from bot.trust import UNAUTHENTICATED
from intents.catalog import INTENTS
from models import Status

LISTS = ("list", "overdue", "unassigned", "due")
_COLUMNS = {"Reference": False, "Asked": True, "Due": False, "Status": True, "Handler": True, "Law": True}
"""And which of them may be broken."""
_WIDE = 80
_ACTOR = "cli"
_MOST_DAYS = 9999
_NO_DAYS = "write a number of days from 0 to 9999"
_NO_TICKET = f"There is no such ticket. Write {', '.join(LISTS)}, show REF, search TEXT, or a reference such as PRV-2026-00042."


def show_tickets(app: App, which: str, text: str, choice: Choice, *, as_json: bool, full: bool) -> None:
    """Print what is asked for. Raises ConfigError."""
    if text and which not in ("show", "search"):
        raise ConfigError(f"{which}: takes nothing more; only show and search do")
    if full and which != "show":
        raise ConfigError("--full goes with show REF")
    try:
        if which == "show":
            _show(app, text, as_json=as_json, full=full)
        elif which in LISTS or which == "search":
            _list(_found(app, which, text, choice), as_json=as_json)
        else:
            _sum_up(app, which, as_json=as_json)
    except Refused as refusal:
        raise ConfigError(_NO_TICKET if which != "search" else str(refusal)) from None


def _found(app: App, which: str, text: str, choice: Choice) -> Found:
    if not 1 <= choice.most <= 1_000_000:
        raise ConfigError("--limit: write a number from 1 to 1000000")
    if which == "search":
        by_text: Found = app.read(lambda session: lookup.search(session, app.office, text, choice.most))
        return by_text
    wanted = _wanted(which, choice)
    by_choice: Found = app.read(lambda session: lookup.tickets(session, app.office, wanted, app.clock()))
    return by_choice


def _wanted(which: str, choice: Choice) -> Wanted:
    _allowed("--status", choice.status, [*Status, "all"])
    _allowed("--intent", choice.intent, INTENTS)
    _allowed("--regime", choice.regime, regimes())
    option, days = ("--days", choice.days) if which == "due" else ("--due", choice.due)
    if days is not None and not 0 <= days <= _MOST_DAYS:
        raise ConfigError(f"{option}: {_NO_DAYS}")
    return Wanted(
        status=choice.status, overdue=choice.overdue or which == "overdue", unassigned=choice.unassigned or which == "unassigned",
        due_within=days, intent=choice.intent, regime=choice.regime, handler=choice.handler.removeprefix("slack:"), most=choice.most,
    )  # fmt: skip


def _allowed(option: str, value: str, names: Sequence[str]) -> None:
    if value and value not in names:
        raise ConfigError(f"{option}: allowed are {', '.join(names)}")


def _list(found: Found, *, as_json: bool) -> None:
    if as_json:
        _print_json(found.tickets)
        return
    console = Console()
    console.print(_table(found.tickets, console.width))
    if (more := found.altogether - len(found.tickets)) > 0:
        console.print(f"... and {more:,} more: --limit {found.altogether} shows all", highlight=False)


def _sum_up(app: App, reference: str, *, as_json: bool) -> None:
    """The line that lists have of it, and what its card says below the requests."""
    found = app.read(lambda session: find(session, app.office, "show", "", reference, app.clock()))
    if as_json:
        _print_json(found)
        return
    console = Console()
    console.print(_table(found, console.width))
    print("\n".join(_remarks(found[0])))


def _remarks(facts: Mapping[str, Any]) -> list[str]:
    vouched = [] if facts["authentication"] in ("", UNAUTHENTICATED) else [facts["authentication"]]
    return [*vouched, *(f"warning: {warning}" for warning in facts["warnings"])]


def _table(tickets: Sequence[Mapping[str, Any]], width: int) -> Table:
    """On a narrow terminal without the law, which `show` tells; references and dates are never broken."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name, breaks in _COLUMNS.items():
        if name != "Law" or width >= _WIDE:
            table.add_column(name, no_wrap=not breaks, overflow="fold")
    for facts in tickets:
        due = min((request["due_on"] for request in facts["requests"] if request["due_on"]), default="–")
        cells = (facts["reference"], _asked(facts), due, facts["status"], facts["handler"] or "–", facts["regime"])
        table.add_row(*cells[: len(table.columns)])
    return table


def _asked(facts: Mapping[str, Any]) -> str:
    return ", ".join(request["intent"] for request in facts["requests"]) or "–"


def _show(app: App, reference: str, *, as_json: bool, full: bool) -> None:
    found = app.read(lambda session: lookup.one(session, app.office, reference, _ACTOR, app.clock(), full=full))
    if as_json:
        _print_json(found)
        return
    zone = app.config.organisation.time_zone

    def local(value: str | None) -> str:
        return f"{datetime.fromisoformat(value).astimezone(zone):%d %b %Y %H:%M}" if value else "–"

    facts = {"Reference": found["reference"], "Status": found["status"], "Law": found["regime"], "Language": found["language"],
             "Handler": found["handler"] or "–", "Received": f"{local(found['received_at'])}, by {found['source']}",
             "Closed": local(found["closed_at"])}  # fmt: skip
    if full:
        facts |= {"From": f"{found['requester_name'] or ''} <{found['requester'] or ''}>".strip(), "Subject": found["subject"] or "–"}
    print("\n".join(f"{name + ':':11}{plain(str(value))}" for name, value in facts.items()))
    print("".join(f"{remark}\n" for remark in _remarks(found)))
    for request in found["requests"]:
        _print_request(request)
    Console().print(_journal(found["journal"], local))
    for letter in found.get("letters", ()):
        head = f"{letter['when']}  {letter['direction']}  {letter['who']}\n{letter['subject']}"
        files = f"\nAttached: {letter['files']}" if letter["files"] else ""
        print(plain(f"\n{head}{files}\n\n{letter['text']}"))


def _print_request(request: Mapping[str, Any]) -> None:
    print(f"{request['intent']}: {request['outcome'] or 'open'}, due {request['due_on'] or '–'}")
    print("".join(f"  {line}\n" for line in (request["reasoning"], request["statute"], request["rules"]) if line))


def _journal(lines: Sequence[Mapping[str, Any]], local: Callable[[str], str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("No.", "When", "What", "By", "Detail"):
        table.add_column(name, overflow="fold")
    for line in lines:
        detail = ", ".join(f"{name}={_value(value)}" for name, value in line["detail"].items())
        table.add_row(str(line["number"]), local(line["at"]), line["kind"], line["actor"], escape(plain(detail)))
    return table


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _print_json(found: object) -> None:
    print(json.dumps(found, ensure_ascii=False, indent=2))
