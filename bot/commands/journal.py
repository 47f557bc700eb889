"""The journal command: says whether the journals are as they were written, or where they break and how."""

import json

from bot import journal
from bot.app import App
from bot.clerk import REFERENCE
from bot.config_file import ConfigError

_NAMED = 20


def verify(app: App, reference: str, *, as_json: bool) -> bool:
    """Print what was found; `reference`: of one ticket, or empty for all. Returns whether all is intact. Raises ConfigError."""
    found = _look(app, reference)
    if as_json:
        print(json.dumps(_facts(found), indent=2))
    else:
        print("\n".join(_words(found)))
    return not found.breaks


def wanted(reference: str) -> str:
    """A reference as tickets bear it. Raises ConfigError for what is none."""
    if REFERENCE.fullmatch(reference.strip().upper()) is None:
        raise ConfigError("There is no such ticket. Write a reference such as PRV-2026-00042.")  # it could be anything
    return reference.strip().upper()


def _look(app: App, reference: str) -> journal.Verification:
    vault = app.office.vault
    if not reference:
        whole: journal.Verification = app.survey(lambda session: journal.verify(session, vault))
        return whole
    name = wanted(reference)
    found: journal.Verification | None = app.survey(lambda session: journal.verify_one(session, vault, name))
    if found is None:
        raise ConfigError(f"There is no ticket {name}.")
    return found


def _facts(found: journal.Verification) -> dict[str, object]:
    breaks = [{"reference": one.reference, "line": one.line or None, "how": one.how, "words": str(one)} for one in found.breaks]
    return {"intact": not breaks, "tickets": found.tickets, "lines": found.lines, "purged": found.purged, "breaks": breaks}


def _words(found: journal.Verification) -> list[str]:
    looked = f"{found.lines:,} lines of {found.tickets:,} tickets; {found.purged:,} purged"
    if not found.breaks:
        return [f"Intact: {looked}."]
    more = [f"... and {len(found.breaks) - _NAMED:,} more: --json names all"] if len(found.breaks) > _NAMED else []
    return [*(str(one) for one in found.breaks[:_NAMED]), *more, f"NOT intact: {len(found.breaks):,} found in {looked}."]
