"""Who is called when hours count: the desk by a line; everybody at work (@here) only where the config says so."""

from pathlib import Path
from typing import Any

import pytest

from intents.catalog import Intent
from tests.builders import Bench, sqlite_url
from tests.filing import notices, opened


def lines(folder: Path, intent: Intent, **slack: Any) -> list[str]:
    """What the desk hears of a new ticket, beside its card."""
    bench = Bench(sqlite_url(folder), slack=slack)
    opened(bench, intent)
    found = [str((notice.payload or {})["text"]) for notice in notices(bench, "line")]
    bench.close()
    return found


@pytest.mark.parametrize("intent", [Intent.BREACH_REPORT, Intent.AUTHORITY])
def test_nobody_is_called_unless_the_config_says_so(tmp_path: Path, intent: Intent) -> None:
    [line] = lines(tmp_path, intent)
    assert "<!here>" not in line


def test_for_what_it_names_everybody_at_work_is_called_once(tmp_path: Path) -> None:
    [line] = lines(tmp_path, Intent.BREACH_REPORT, here_for=["breach_report"])
    assert line.startswith("<!here> ") and line.count("<!here>") == 1


def test_for_nothing_else(tmp_path: Path) -> None:
    [line] = lines(tmp_path, Intent.AUTHORITY, here_for=["breach_report"])
    assert "<!here>" not in line
