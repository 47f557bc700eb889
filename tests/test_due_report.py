"""What `privacybot due` prints, and how it checks a file of worked cases."""

import json
from pathlib import Path

import pytest

from bot.clocks import ClockError
from bot.commands.due_report import check_vectors, explain

VECTORS = Path(__file__).parent / "data" / "deadline_vectors.json"


def test_every_worked_case_agrees() -> None:
    assert check_vectors(VECTORS) == ([], 74, 74)


def test_the_report_shows_dates_rivals_and_why() -> None:
    lines = explain("eu_gdpr", "access", "2026-01-31T10:00+01:00", "DE", "BE")
    assert lines[1] == "due:            Mon 2026-03-02, end of the day"
    assert "Saturday" in lines[2]
    assert "then until Thu 2026-04-30" in "\n".join(lines)
    lines = explain("eu_gdpr", "access", "2026-06-01T10:00+02:00", "DE", events=["id_requested@2026-06-02T09:00+02:00"])
    assert lines[1] == "due:            no date while paused"
    assert "review:         by Wed 2026-07-01, end of the day" in lines
    assert "extension:      notice by Wed 2026-07-01, end of the day" in lines
    lines = explain("us_ca", "access", "2026-06-15T09:00-07:00", "US", tz="America/Los_Angeles")
    assert "confirm:        by Tue 2026-06-30, end of the day" in lines
    assert any(line.startswith("rival reading:  Wed 2026-07-29") for line in lines)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"received": "2026-01-31T10:00"}, "--received.*offset"),
        ({"received": "yesterday"}, "--received.*yesterday"),
        ({"tz": "Europe/Atlantis"}, "--tz: unknown time zone"),
        ({"country": "US"}, "--tz is needed.*New_York"),
        ({"events": ["id_requested"]}, "--event id_requested"),
        ({"events": ["coffee@2026-01-31T10:00+01:00"]}, "--event coffee.*id_requested"),
    ],
)
def test_the_report_names_the_wrong_option(wrong: dict[str, object], message: str) -> None:
    right: dict[str, object] = {"regime": "eu_gdpr", "intent": "access", "received": "2026-01-31T10:00+01:00", "country": "DE"}
    with pytest.raises(ClockError, match=message):
        explain(**{**right, **wrong})  # type: ignore[arg-type]


CASE = {"id": "T-1", "regime": "eu_gdpr", "kind": "access", "received": "2026-06-01T12:00:00+02:00", "tz": "Europe/Berlin"} | {
    "country": "DE",
    "subdiv": "BE",
    "events": [],
    "due": "2026-07-01",
}


def cases(tmp_path: Path, *changes: dict[str, object]) -> Path:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([CASE | change for change in changes]))
    return path


def test_a_case_that_differs_is_told_in_one_line(tmp_path: Path) -> None:
    lines, agreed, total = check_vectors(cases(tmp_path, {}, {"due": "2026-07-02"}, {"regime": "gdrp"}, {"due": None}))
    assert (agreed, total) == (1, 4)
    assert "T-1: due expected 2026-07-02, computed 2026-07-01" in lines[0]
    assert "unknown regime" in lines[1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"received": "2026-06-01T12:00:00"}, "case T-1: field received"),
        ({"received": 7}, "case T-1: field received"),
        ({"due": "July"}, "case T-1: field due"),
        ({"tz": "Nowhere"}, "case T-1: field tz"),
        ({"events": [{"type": "id_requested"}]}, r"case T-1: field events\.at"),
        ({"events": {}}, "case T-1: field events"),
    ],
)
def test_a_broken_case_names_its_id_and_field(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(ClockError, match=message):
        check_vectors(cases(tmp_path, change))


def test_a_broken_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text("[{")
    with pytest.raises(ClockError, match=r"cases\.json is not JSON"):
        check_vectors(path)
    path.write_text("{}")
    with pytest.raises(ClockError, match="expected a list"):
        check_vectors(path)
    path.write_text("[3, {}]")
    with pytest.raises(ClockError, match="case 1"):
        check_vectors(path)
    with pytest.raises(ClockError, match="can't be read"):
        check_vectors(tmp_path / "absent.json")
