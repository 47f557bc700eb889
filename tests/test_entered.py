"""What a person left in a form: as Slack reports it, and as simpler clients do, which leave out what nobody touched."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk import Refused
from bot.slack.change_form import change
from bot.slack.entered import Entered
from bot.slack.intent_boxes import intents_ticked
from bot.slack.moments import moment, moment_fields

BERLIN = "Europe/Berlin"


def filled(blocks: list[dict[str, Any]], **values: Any) -> Entered:
    """The fields by block_id; those not named come back empty."""
    return Entered({"blocks": blocks, "state": {"values": {b["block_id"]: {b["block_id"]: values.get(b["block_id"], {})} for b in blocks}}})


def received(blocks: list[dict[str, Any]], day: str | None, time: str | None) -> datetime:
    return moment(filled(blocks, at={"selected_date": day}, time={"value": time}), BERLIN)


def test_what_must_be_filled_in_and_was_not_touched_counts_as_shown() -> None:
    form = change("PRV-2026-00001", ["access"], "eu_gdpr")
    entered = filled(form["blocks"], regime={"selected_option": None})
    assert entered.chosen("regime") == "eu_gdpr"


def test_boxes_that_nobody_ticked_are_not_ticked() -> None:
    form = change("PRV-2026-00001", ["access"], "eu_gdpr")
    assert intents_ticked(filled(form["blocks"], intents={"selected_options": []})) == []
    ticks = {"intents": [{"value": "erasure"}], "other": [{"value": "question"}]}
    ticked = filled(form["blocks"], **{name: {"selected_options": options} for name, options in ticks.items()})
    assert intents_ticked(ticked) == ["erasure", "question"]


def test_a_field_that_is_not_there_is_empty() -> None:
    assert (Entered({"state": {"values": {}}}).text("x"), Entered({"state": {"values": {}}}).ticked("x")) == ("", [])


@pytest.mark.parametrize(("time", "hour"), [("9:05", "08:05"), ("09.05", "08:05"), (None, "23:00"), (" ", "23:00")])
def test_a_day_and_a_time_are_meant_by_the_organisations_clock(time: str | None, hour: str) -> None:
    found = received(moment_fields(BERLIN, "hint"), "2026-11-23", time)
    assert f"{found:%H:%M}" == hour and found.tzinfo is UTC


def test_a_known_moment_that_nobody_touched_stays() -> None:
    known = datetime(2026, 11, 23, 9, 7, tzinfo=UTC)
    assert received(moment_fields(BERLIN, "hint", known), None, None) == known


@pytest.mark.parametrize("time", ["noon", "25:00", "9", "09:60", "9:05 pm"])
def test_what_is_no_time_is_refused_at_its_field(time: str) -> None:
    with pytest.raises(Refused, match="09:30, by the clock of Europe/Berlin") as refusal:
        received(moment_fields(BERLIN, "hint"), "2026-11-23", time)
    assert refusal.value.field == "time"


def test_without_a_day_the_day_is_asked_for() -> None:
    with pytest.raises(Refused, match="Choose the day") as refusal:
        received(moment_fields(BERLIN, "hint"), None, "09:30")
    assert refusal.value.field == "at"
