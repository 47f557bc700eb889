"""Moments: when something first reached the company, entered as a day and, by the clock of the organisation, a time."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.desk import Refused
from bot.slack.entered import Entered
from bot.slack.modals import label
from bot.slack.text import Block

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


def moment_fields(zone: str, hint: str, known: datetime | None = None) -> list[Block]:
    """The two fields; `known` fills them in. `zone` is named as IANA does."""
    here = known.astimezone(ZoneInfo(zone)) if known else None
    day: Block = {"type": "datepicker", "action_id": "at"} | ({"initial_date": f"{here:%Y-%m-%d}"} if here else {})
    clock: Block = {"type": "plain_text_input", "action_id": "time", "max_length": 5} | ({"initial_value": f"{here:%H:%M}"} if here else {})
    told = f"As 09:30, by the clock of {zone}." + ("" if here else " Left empty: the beginning of that day.")
    return [
        {"type": "input", "block_id": "at", "label": label("First received on"), "hint": label(hint), "element": day},
        {"type": "input", "block_id": "time", "label": label("At"), "hint": label(told), "element": clock, "optional": here is None},
    ]


def moment(entered: Entered, zone: str) -> datetime:
    """In UTC. Raises Refused, at its field, for what is no time or no day."""
    written = entered.text("time").strip()
    found = _TIME.fullmatch(written)
    if written and not found:
        raise Refused(f"Write the time as 09:30, by the clock of {zone}.", "time")
    try:
        day = date.fromisoformat(entered.day("at"))
    except ValueError:
        raise Refused("Choose the day.", "at") from None
    clock = time(int(found[1]), int(found[2])) if found else time()
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
