"""Tables: what commands show of tickets in a terminal."""

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.app import App
from bot.config import Config
from bot.config_file import ConfigError, Secrets
from bot.desk import Refused
from bot.register import find
from bot.trust import UNAUTHENTICATED

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
