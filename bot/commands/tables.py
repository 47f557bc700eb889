"""Tables: what commands show of tickets and of the digest in a terminal."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.app import App
from bot.config import Config
from bot.config_file import ConfigError, Secrets
from bot.desk import Refused
from bot.digest import Week
from bot.digest_page import render
from bot.register import find
from bot.trust import UNAUTHENTICATED
from bot.weekly import gather, last_due_week, queue_week

_LISTS = ("list", "overdue", "unassigned", "due")
_NO_DAYS = "--days: write a number of days from 0 to 9999"
_NO_TICKET = f"There is no such ticket. Write {', '.join(_LISTS)}, or a reference such as PRV-2026-00042."


def show_tickets(config: Config, secrets: Secrets, which: str, days: int, *, as_json: bool) -> None:
    """Print tickets as a table or as JSON. Raises ConfigError for a reference that is none."""
    core = App(config, secrets)
    question, argument = (which, str(days) if which == "due" else "") if which in _LISTS else ("show", which)
    try:
        found = core.read(lambda session: find(session, core.office, question, "", argument, core.clock()))
    except Refused:  # said in Slack's words; here it is another place to write in
        raise ConfigError(_NO_DAYS if which == "due" else _NO_TICKET) from None
    finally:
        core.close()
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    table = Table("Reference", "Asked", "Due", "Status", "Handler", "Law")
    for facts in found:
        asked = ", ".join(request["intent"] for request in facts["requests"])
        due = min((request["due_on"] for request in facts["requests"] if request["due_on"]), default="–")
        table.add_row(facts["reference"], asked, due, facts["status"], facts["handler"] or "–", facts["regime"])
    Console().print(table)
    for remark in _remarks(found[0]) if question == "show" else ():
        print(remark)


def _remarks(facts: Mapping[str, Any]) -> list[str]:
    """What its card says below the requests."""
    vouched = [] if facts["authentication"] in ("", UNAUTHENTICATED) else [facts["authentication"]]
    return [*vouched, *(f"warning: {warning}" for warning in facts["warnings"])]


def show_digest(config: Config, secrets: Secrets, week: str | None, html: Path | None, *, send: bool) -> None:
    """Print the digest, write it as a page, or queue it. Raises ConfigError for a week that is none."""
    core = App(config, secrets)
    try:
        chosen = _week(core, week)
        page = render(core.read(lambda session: gather(session, core.office, chosen, core.clock())), config.organisation.name)
        if html is not None:
            _write(html, page.html)
        if send:
            queued = core.read(lambda session: queue_week(session, core.office, chosen, core.clock()))
            print(f"queued {queued} notices" if queued else "nothing queued: it was sent, or has no recipients")
        if html is None and not send:
            print(page.text)
    finally:
        core.close()


def _write(file: Path, page: str) -> None:
    try:
        file.write_text(page, "utf-8")
    except OSError as error:
        raise ConfigError(f"--html {file}: can't be written ({error.strerror})") from None


def _week(core: App, name: str | None) -> Week:
    if name is None:
        return last_due_week(core.office, core.clock())
    try:
        week = Week.parse(name)
    except ValueError as error:
        raise ConfigError(f"--week: {error}") from None
    today = core.clock().astimezone(core.config.organisation.time_zone).date()
    if week.first > today:
        raise ConfigError(f"--week: {week} has not begun yet")
    return week
