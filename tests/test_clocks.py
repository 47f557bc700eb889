"""The clocks against worked cases: the dates a data-protection lawyer would compute by hand."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.clocks import ClockError, ClockEvent, Due, Place, due, regimes
from intents.catalog import Intent


def place(country: str, subdivision: str | None, zone: str) -> Place:
    return Place(country, subdivision, ZoneInfo(zone))


BERLIN = place("DE", "BE", "Europe/Berlin")
LONDON = place("GB", "ENG", "Europe/London")
ZURICH = place("CH", "ZH", "Europe/Zurich")
LOS_ANGELES = place("US", None, "America/Los_Angeles")
TORONTO = place("CA", "ON", "America/Toronto")


def at(text: str, where: Place = BERLIN) -> datetime:
    """Local noon of a day, or a local time."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T12:00").replace(tzinfo=where.time_zone)


def happened(where: Place, **events: str) -> list[ClockEvent]:
    return [ClockEvent(kind, at(day, where)) for kind, day in events.items()]


def clock(regime: str, kind: str, day: str, where: Place = BERLIN, **events: str) -> Due:
    return due(regime, kind, at(day, where), where, happened(where, **events))


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2023-03-05", "2023-04-05"),  # the example of EDPB 01/2022
        ("2026-08-31", "2026-09-30"),
        ("2024-01-31", "2024-02-29"),
        ("2026-12-31", "2027-02-01"),  # 31 January 2027 is a Sunday
        ("2026-04-01", "2026-05-04"),  # 1 May, then a weekend
        ("2026-03-03T23:59:59", "2026-04-07"),  # Good Friday to Easter Monday
    ],
)
def test_a_month_ends_on_the_same_day_number_or_the_next_working_day(received: str, expected: str) -> None:
    assert clock("eu_gdpr", "access", received).due == date.fromisoformat(expected)


def test_a_date_is_over_at_local_midnight_after_it() -> None:
    assert clock("eu_gdpr", "access", "2026-01-31").instant == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert clock("us_ca_ccpa", "limit", "2026-12-18", LOS_ANGELES).instant == datetime(2027, 1, 13, 8, tzinfo=UTC)


def test_the_breach_clock_runs_72_hours_across_the_change_of_the_clocks() -> None:
    found = clock("eu_gdpr", "breach_report", "2026-03-27T16:00")
    assert found.due == datetime.fromisoformat("2026-03-30T17:00+02:00")
    assert found.instant == found.safest == found.due
    assert str(found.due) == "2026-03-30 17:00:00+02:00"


def test_a_waiting_question_leaves_a_review_date_and_its_answer_a_later_due_date() -> None:
    waiting = clock("eu_gdpr", "access", "2026-06-01", id_requested="2026-06-02")
    assert (waiting.due, waiting.instant, waiting.safest, waiting.review) == (None, None, None, date(2026, 7, 1))
    assert waiting.paused
    answered = clock("eu_gdpr", "access", "2026-06-01", id_requested="2026-06-02", id_received="2026-06-12")
    assert (answered.due, answered.alt_due, answered.safest) == (date(2026, 7, 13), date(2026, 7, 1), date(2026, 7, 1))
    assert not answered.paused


def test_overlapping_pauses_count_once() -> None:
    found = clock(
        "eu_gdpr",
        "access",
        "2026-06-01",
        id_requested="2026-06-02",
        clarification_requested="2026-06-04",
        id_received="2026-06-06",
        clarification_received="2026-06-09",
    )
    assert found.due == date(2026, 7, 8)  # 1 July and 2 to 9 June: 7 days


@pytest.mark.parametrize("kind", ["erasure", "portability", "objection"])
def test_clarification_pauses_access_only(kind: str) -> None:
    asked = {"clarification_requested": "2026-06-02", "clarification_received": "2026-06-12"}
    assert clock("eu_gdpr", kind, "2026-06-01", BERLIN, **asked).due == date(2026, 7, 1)
    assert clock("uk_gdpr", kind, "2026-06-01", LONDON, **asked).due == date(2026, 7, 1)


def test_a_fee_starts_the_british_clock_anew_and_leaves_the_european_alone() -> None:
    paid = {"fee_requested": "2026-06-02", "fee_received": "2026-06-10"}
    assert clock("uk_gdpr", "access", "2026-06-01", LONDON, **paid).due == date(2026, 7, 10)
    assert clock("eu_gdpr", "access", "2026-06-01", BERLIN, **paid).due == date(2026, 7, 1)
    assert clock("uk_gdpr", "access", "2026-06-01", LONDON, fee_requested="2026-06-02").review == date(2026, 7, 1)


def test_british_identity_check_starts_a_full_month() -> None:
    found = clock("uk_gdpr", "access", "2026-03-02", LONDON, id_requested="2026-03-03", id_received="2026-03-10")
    assert found.due == date(2026, 4, 10)


def test_british_clarification_leaves_out_both_boundary_days_since_article_12a() -> None:
    asked = {"clarification_requested": "2026-04-08", "clarification_received": "2026-04-14"}
    found = clock("uk_gdpr", "access", "2026-04-01", LONDON, **asked)
    assert (found.due, found.alt_due) == (date(2026, 5, 8), date(2026, 5, 7))
    before = clock("uk_gdpr", "access", "2025-09-01", LONDON, clarification_requested="2025-09-08", clarification_received="2025-09-14")
    assert (before.due, before.alt_due) == (date(2025, 10, 7), None)


def test_days_before_a_new_start_are_not_added_again() -> None:
    found = clock(
        "uk_gdpr",
        "access",
        "2026-03-02",
        LONDON,
        clarification_requested="2026-03-03",
        id_requested="2026-03-03",
        id_received="2026-03-10",
        clarification_received="2026-03-12",
    )
    assert found.due == date(2026, 4, 13)  # 10 April and 11, 12 March; a Sunday


def test_an_extension_counts_from_receipt_and_only_if_its_notice_left_in_time() -> None:
    in_time = clock("eu_gdpr", "erasure", "2026-01-15", extension_notice="2026-02-16T23:30")
    assert (in_time.due, in_time.extended) == (date(2026, 4, 15), True)
    late = clock("eu_gdpr", "erasure", "2026-01-15", extension_notice="2026-02-17T00:30")
    assert (late.due, late.extended) == (date(2026, 2, 16), False)
    assert "too late" in late.reason
    assert late.extension_notice_by == in_time.extension_notice_by == date(2026, 2, 16)


def test_a_second_notice_changes_nothing() -> None:
    events = [ClockEvent("extension_notice", at(day)) for day in ("2026-02-10", "2026-04-10")]
    assert due("eu_gdpr", "access", at("2026-01-15"), BERLIN, events).due == date(2026, 4, 15)


def test_events_may_come_in_any_order() -> None:
    events = happened(BERLIN, id_requested="2026-06-02", id_received="2026-06-12", extension_notice="2026-06-20")
    assert due("eu_gdpr", "access", at("2026-06-01"), BERLIN, events) == due("eu_gdpr", "access", at("2026-06-01"), BERLIN, events[::-1])


def test_regional_holidays_count_and_the_nation_alone_is_the_rival() -> None:
    found = clock("eu_gdpr", "access", "2026-10-01", place("DE", "BY", "Europe/Berlin"))  # 1 November is a Sunday
    assert (found.due, found.alt_due) == (date(2026, 11, 2), None)
    found = clock("eu_gdpr", "access", "2027-10-01", place("DE", "BY", "Europe/Berlin"))  # All Saints, a Monday
    assert (found.due, found.alt_due) == (date(2027, 11, 2), date(2027, 11, 1))
    assert found.safest == date(2027, 11, 1)


def test_alsace_has_its_own_boxing_day() -> None:
    assert clock("eu_gdpr", "access", "2025-11-25", place("FR", "6AE", "Europe/Paris")).due == date(2025, 12, 29)


def test_rest_days_moved_by_decree_have_a_rival_reading() -> None:
    found = clock("eu_gdpr", "access", "2025-12-02", place("HU", None, "Europe/Budapest"))
    assert (found.due, found.alt_due) == (date(2026, 1, 5), date(2026, 1, 2))


def test_the_entity_adds_and_removes_holidays() -> None:
    monday = date(2026, 2, 16)
    added = Place("DE", "BE", ZoneInfo("Europe/Berlin"), holidays_added=frozenset({monday}))
    assert clock("eu_gdpr", "access", "2026-01-14", added).due == date(2026, 2, 17)
    removed = Place("DE", "BE", ZoneInfo("Europe/Berlin"), holidays_removed=frozenset({date(2026, 5, 14)}))
    assert clock("eu_gdpr", "access", "2026-04-14", removed).due == date(2026, 5, 14)


def test_foreign_holidays_move_no_date() -> None:
    """Outside the EEA no Member State's holidays are known, so weekends alone move the date: the earlier, the safe one."""
    assert clock("eu_gdpr", "access", "2026-06-03", place("US", None, "America/New_York")).due == date(2026, 7, 3)
    assert clock("us_can_spam", "unsubscribe", "2026-12-18").due == date(2027, 1, 5)  # 26 December is no federal holiday


@pytest.mark.parametrize("kind", ["unsubscribe", "objection_marketing"])
def test_marketing_stops_at_once_and_the_person_is_told_within_a_month(kind: str) -> None:
    found = clock("eu_gdpr", kind, "2026-07-10", id_requested="2026-07-11", extension_notice="2026-07-20")
    assert (found.due, found.extension_notice_by) == (date(2026, 8, 10), None)
    assert "immediately" in found.stop


@pytest.mark.parametrize("kind", ["withdraw_consent", "complaint"])
def test_without_a_statutory_count_the_house_keeps_its_own_date(kind: str) -> None:
    found = clock("eu_gdpr", kind, "2026-07-10")
    assert (found.due, found.instant, found.alt_due, found.safest) == (None, None, date(2026, 8, 10), date(2026, 8, 10))
    assert "house policy" in found.alt_reason


@pytest.mark.parametrize("kind", ["question", "authority", "other"])
def test_some_messages_have_no_clock_anywhere(kind: str) -> None:
    for regime in regimes():
        found = clock(regime, kind, "2026-07-10")
        assert (found.due, found.safest, found.paused) == (None, None, False)
        assert found.reason


def test_a_british_complaint_is_acknowledged_within_30_days_since_june_2026() -> None:
    found = clock("uk_gdpr", "complaint", "2026-06-23", LONDON)
    assert (found.due, found.alt_due) == (date(2026, 7, 23), date(2026, 7, 22))
    assert clock("uk_gdpr", "complaint", "2026-06-18", LONDON).due is None


def test_california_confirms_in_ten_business_days_and_answers_in_45_days() -> None:
    found = clock("us_ca", "access", "2026-06-15", LOS_ANGELES)
    assert (found.regime, found.due, found.confirm_by) == ("us_ca_ccpa", date(2026, 7, 30), date(2026, 6, 30))
    assert clock("us_ca", "access", "2026-06-15", LOS_ANGELES, extension_notice="2026-07-31").due == date(2026, 7, 30)


def test_california_adds_state_holidays_as_a_rival_reading() -> None:
    found = clock("us_ca_ccpa", "opt_out_sale", "2026-11-16", LOS_ANGELES)
    assert (found.due, found.alt_due) == (date(2026, 12, 8), date(2026, 12, 9))


def test_a_clock_that_does_not_roll_shows_the_rolled_date_and_reminds_by_the_earliest() -> None:
    found = clock("us_ca_ccpa", "know", "2026-01-01", LOS_ANGELES)
    assert (found.due, found.alt_due, found.safest) == (date(2026, 2, 15), date(2026, 2, 17), date(2026, 2, 14))


@pytest.mark.parametrize(
    ("regime", "kind", "received", "expected"),
    [
        ("us_va_vcdpa", "access", "2026-06-15", "2026-07-30"),
        ("us_co", "appeal", "2026-06-15", "2026-07-30"),
        ("us_ia_icdpa", "rectification", "2026-06-15", None),
        ("us_ut_ucpa", "correct", "2026-06-30", None),
        ("us_ut_ucpa", "correct", "2026-07-01", "2026-08-15"),
        ("us_md_modpa", "withdraw_consent", "2026-06-15", "2026-07-15"),
        ("us_ri_ridtppa", "withdraw_consent", "2026-06-15", "2026-06-30"),
        ("us_ky_kcdpa", "access", "2025-12-31", None),
    ],
)
def test_american_states(regime: str, kind: str, received: str, expected: str | None) -> None:
    assert clock(regime, kind, received, LOS_ANGELES).due == (expected and date.fromisoformat(expected))


def test_florida_extends_by_15_days_only() -> None:
    assert clock("us_fl_fdbr", "access", "2026-06-01", LOS_ANGELES, extension_notice="2026-07-01").due == date(2026, 7, 31)


def test_switzerland_has_30_days_and_no_maximum_after_a_notice() -> None:
    assert clock("ch_fadp", "access", "2026-06-01", ZURICH).due == date(2026, 7, 1)
    extended = clock("ch_fadp", "access", "2026-06-01", ZURICH, extension_notice="2026-06-20")
    assert (extended.due, extended.extended, extended.paused) == (None, True, False)
    assert extended.alt_due == date(2026, 7, 31)


def test_brazil_canada_and_quebec() -> None:
    assert clock("br_lgpd", "access", "2026-06-01", place("BR", "SP", "America/Sao_Paulo")).due == date(2026, 6, 16)
    assert clock("ca_casl", "unsubscribe", "2026-06-26", TORONTO).due == date(2026, 7, 13)  # Canada Day
    assert clock("ca_qc_law25", "access", "2026-06-01", TORONTO, extension_notice="2026-06-10").due == date(2026, 7, 1)


@pytest.mark.parametrize("regime", regimes())
def test_every_regime_knows_every_intent(regime: str) -> None:
    for intent in Intent:
        assert clock(regime, intent.value, "2026-11-20").rule_version


def test_errors_name_what_is_allowed() -> None:
    with pytest.raises(ClockError, match=r"unknown regime 'gdrp'.*eu_gdpr"):
        clock("gdrp", "access", "2026-06-01")
    with pytest.raises(ClockError, match=r"unknown kind 'acess'.*access"):
        clock("eu_gdpr", "acess", "2026-06-01")
    with pytest.raises(ClockError, match=r"unknown country 'XX'.*DE"):
        clock("eu_gdpr", "access", "2026-06-01", place("XX", None, "Europe/Berlin"))
    with pytest.raises(ClockError, match=r"unknown subdivision 'XX' of DE.*BY"):
        clock("eu_gdpr", "access", "2026-06-01", place("DE", "XX", "Europe/Berlin"))
    with pytest.raises(ClockError, match=r"GB needs a subdivision.*SCT"):
        clock("uk_gdpr", "access", "2026-06-01", place("GB", None, "Europe/London"))
    with pytest.raises(ClockError, match=r"unknown event 'id_lost'.*id_received"):
        clock("eu_gdpr", "access", "2026-06-01", id_lost="2026-06-02")
    with pytest.raises(ClockError, match="lies before the receipt"):
        clock("eu_gdpr", "access", "2026-06-01", id_requested="2026-05-02")
    with pytest.raises(ClockError, match="no time zone"):
        due("eu_gdpr", "access", datetime.fromisoformat("2026-06-01T12:00"), BERLIN)
    with pytest.raises(ClockError, match="1990-2199"):
        due("eu_gdpr", "access", datetime(9999, 12, 1, tzinfo=UTC), BERLIN)
