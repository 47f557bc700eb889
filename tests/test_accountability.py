"""Accountability: what counts as on time, how days are counted, and California's figures."""

import csv
import io
import json
from datetime import date, timedelta

import pytest

from bot.accountability import CALIFORNIA, Entry, Period, Report, as_csv, as_facts, as_json
from bot.accountability_page import draw, figure, percent

TODAY = date(2026, 11, 30)
FIRST = date(2026, 1, 1)


def entry(number: int = 1, intent: str = "access", regime: str = "eu_gdpr", *, days: int | None = 10, outcome: str | None = "fulfilled",
          due: int | None = 30, received: date = date(2026, 3, 2), reference: str = "") -> Entry:  # fmt: skip
    return Entry(
        reference=reference or f"PRV-2026-{number:05d}", received_on=received, source="mail", intent=intent, regime=regime,
        due_on=received + timedelta(days=due) if due is not None else None, extended=False, paused=False,
        closed_on=received + timedelta(days=days) if days is not None and outcome else None, outcome=outcome,
    )  # fmt: skip


def report(*entries: Entry, all_laws: bool = False, purged: int = 0) -> Report:
    return Report("Example GmbH", Period(FIRST, date(2026, 12, 31)), TODAY, entries, purged, all_laws)


@pytest.mark.parametrize(
    ("one", "on_time"),
    [
        (entry(days=30), True), (entry(days=31), False), (entry(days=0, due=0), True), (entry(due=None), None),
        (entry(outcome=None, due=30), False), (entry(outcome=None, received=date(2026, 11, 29)), None),
        (entry(outcome=None, received=TODAY, due=0), None), (entry(outcome="refused", days=31), False),
    ],
)  # fmt: skip
def test_on_time(one: Entry, on_time: bool | None) -> None:
    assert one.on_time(TODAY) is on_time


def test_totals() -> None:
    found = report(
        entry(1, days=2), entry(2, days=4, outcome="partly"), entry(3, days=40, outcome="refused"), entry(4, days=90, outcome="withdrawn"),
        entry(5, outcome=None), entry(6, "erasure", "uk_gdpr", outcome=None, received=TODAY),
    ).total  # fmt: skip
    assert (found.received, found.open, found.overdue) == (6, 2, 1)
    assert (found.fulfilled, found.partly, found.refused, found.otherwise) == (1, 1, 1, 1)
    assert (found.median_days, found.mean_days) == (4, 15.3)
    assert (found.on_time, found.late) == (2, 2)


def test_california_counts_its_own_requests_by_type_opt_outs_too() -> None:
    entries = (
        entry(1, "erasure", CALIFORNIA, days=10), entry(2, "erasure", CALIFORNIA, days=21, outcome="refused"),
        entry(3, "access", CALIFORNIA, days=45, outcome="partly"), entry(4, "portability", CALIFORNIA, outcome=None),
        entry(5, "opt_out_sale", CALIFORNIA, days=3), entry(6, "opt_out_sale", CALIFORNIA, days=6), entry(7, "erasure", "eu_gdpr", days=1),
        entry(8, "rectification", CALIFORNIA, days=5, outcome="not_a_request"),
    )  # fmt: skip
    rows = {row.name: row for row in report(*entries).metrics}
    figures = {
        name: (row.received, row.complied_in_whole, row.complied_in_part, row.denied, row.otherwise, row.open, row.median_days,
               row.mean_days) for name, row in rows.items()
    }  # fmt: skip
    assert figures == {
        "Requests to delete": (2, 1, 0, 1, 0, 0, 15.5, 15.5), "Requests to correct": (1, 0, 0, 0, 1, 0, None, None),
        "Requests to know": (2, 0, 1, 0, 0, 1, 45, 45.0),
        "Requests to opt out of sale or sharing, or to limit": (2, 2, 0, 0, 0, 0, 4.5, 4.5),
        "Requests to opt out of automated decisions": (0, 0, 0, 0, 0, 0, None, None),
    }  # fmt: skip
    assert {row.name: row.received for row in report(*entries, all_laws=True).metrics}["Requests to delete"] == 3


def test_a_spreadsheet_reads_the_table_and_no_formula() -> None:
    nasty = entry(1, intent='=HYPERLINK("http://x","y")', regime="+1,2", reference="@ref\nline")
    written = as_csv(report(nasty, entry(2, outcome=None)), "register")
    assert written.count("\r\n") == 3 and "\n" not in written.replace("\r\n", "").replace("ref\nline", "")
    head, first, second = csv.reader(io.StringIO(written, newline=""))
    assert head == ["reference", "received_on", "source", "intent", "regime", "due_on", "extended", "paused", "closed_on", "outcome",
                    "on_time", "days"]  # fmt: skip
    assert (first[0], first[3], first[4]) == ("'@ref\nline", '\'=HYPERLINK("http://x","y")', "'+1,2")
    assert (first[6], first[10], first[11]) == ("no", "yes", "10") and second[8:] == ["", "", "no", ""]


def test_an_empty_period_has_its_head_lines() -> None:
    for table, lines in (("register", 1), ("totals", 2), ("metrics", 6)):
        assert len(list(csv.reader(io.StringIO(as_csv(report(), table))))) == lines
    assert json.loads(as_json(report()))["register"] == []
    assert "No request was received in this period." in draw(report())


def test_the_page_shows_the_figures_and_what_is_counted_nowhere() -> None:
    page = draw(report(entry(1), entry(2, "erasure", CALIFORNIA, outcome=None), purged=3))
    for words in ("1 January 2026 – 31 December 2026", "PRV-2026-00002", "Metrics for California", "US CA CCPA", "3 tickets with numbers"):
        assert words in page
    assert "counted nowhere" not in draw(report(entry()))


def test_the_facts_are_plain_values_with_stable_names() -> None:
    facts = as_facts(report(entry()))
    assert list(facts) == ["organisation", "from", "to", "as_of", "purged_tickets", "register", "totals", "by_intent", "by_regime",
                           "metrics_of", "metrics"]  # fmt: skip
    assert json.loads(json.dumps(facts)) == facts


def test_figures_in_words() -> None:
    assert [figure(value) for value in (None, 0, 1200, 12.5, 45.0)] == ["–", "0", "1,200", "12.5", "45"]
    assert [percent(*pair) for pair in ((0, 0), (199, 200), (200, 200))] == ["–", "99 %", "100 %"]
