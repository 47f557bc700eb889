"""What must hold for every due date, whatever the day, the zone, the place and the events."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clocks import ClockEvent, Due, Place, due, regimes
from bot.law.calendars import Calendar, Source, add_months
from intents.catalog import Intent

EEA = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LV",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
]
ZONES = [
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/Helsinki",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
]
ZONES += ["Pacific/Kiritimati", "Pacific/Chatham", "Africa/Cairo", "Asia/Beirut", "America/Sao_Paulo", "UTC"]


def years(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Any instant of these years."""
    start = datetime(first, 1, 1, tzinfo=UTC)
    return st.timedeltas(timedelta(0), datetime(last, 1, 1, tzinfo=UTC) - start).map(lambda since: start + since)


instants = years(1996, 2090)
europe = st.builds(Place, st.sampled_from(EEA), st.none(), st.sampled_from(ZONES).map(ZoneInfo))
britain = st.builds(Place, st.just("GB"), st.sampled_from(["ENG", "SCT", "NIR", "WLS"]), st.just(ZoneInfo("Europe/London")))
cases = st.one_of(st.tuples(st.just("eu_gdpr"), europe), st.tuples(st.just("uk_gdpr"), britain))
rolling = st.sampled_from(["access", "erasure", "portability", "unsubscribe"])
recent = years(2019, 2060)
offsets = st.timedeltas(timedelta(0), timedelta(days=120))
happenings = st.lists(st.tuples(st.sampled_from(["identity", "clarification", "fee"]), offsets, offsets), max_size=3)

QUESTIONS = {
    "identity": ("id_requested", "id_received"),
    "clarification": ("clarification_requested", "clarification_received"),
    "fee": ("fee_requested", "fee_received"),
}


def answered(received: datetime, happening: list[tuple[str, timedelta, timedelta]]) -> list[ClockEvent]:
    events = []
    for topic, asked, waited in happening:
        times = (received + asked, received + asked + waited)
        events += [ClockEvent(kind, at) for kind, at in zip(QUESTIONS[topic], times, strict=True)]
    return events


def day(found: Due) -> date:
    assert isinstance(found.due, date)
    return found.due


@given(cases, rolling, recent)
def test_never_before_a_month_and_never_on_a_day_off(case: tuple[str, Place], kind: str, received: datetime) -> None:
    regime, where = case
    found = day(due(regime, kind, received, where))
    local = received.astimezone(where.time_zone).date()
    assert found >= add_months(local, 1)
    assert Calendar((Source(where.country, where.subdivision),)).is_working(found)
    assert found - local <= timedelta(days=31 + 12)


@given(cases, rolling, recent, st.timedeltas(timedelta(0), timedelta(days=70)))
def test_who_writes_later_is_never_due_earlier(case: tuple[str, Place], kind: str, received: datetime, later: timedelta) -> None:
    regime, where = case
    assert day(due(regime, kind, received, where)) <= day(due(regime, kind, received + later, where))


@given(cases, rolling, recent, offsets)
def test_an_extension_never_shortens(case: tuple[str, Place], kind: str, received: datetime, after: timedelta) -> None:
    regime, where = case
    plain = due(regime, kind, received, where)
    extended = due(regime, kind, received, where, [ClockEvent("extension_notice", received + after)])
    assert day(extended) >= day(plain)
    assert extended.extension_notice_by == plain.extension_notice_by
    told_on = (received + after).astimezone(where.time_zone).date()
    assert extended.extended == (plain.extension_notice_by is not None and told_on <= plain.extension_notice_by)


@given(cases, rolling, recent, happenings, offsets)
def test_a_pause_never_shortens(
    case: tuple[str, Place], kind: str, received: datetime, happening: list[tuple[str, timedelta, timedelta]], after: timedelta
) -> None:
    regime, where = case
    notice = [ClockEvent("extension_notice", received + after)]
    events = answered(received, happening)
    for kept in ([], notice):
        paused = due(regime, kind, received, where, [*kept, *events])
        plain = day(due(regime, kind, received, where, kept))
        assert paused.due is None or day(paused) >= plain
        assert paused.safest is None or paused.safest <= day(paused)


@given(europe, recent, st.lists(st.tuples(offsets, offsets), min_size=1, max_size=3))
def test_european_pauses_add_at_most_the_days_waited(where: Place, received: datetime, waits: list[tuple[timedelta, timedelta]]) -> None:
    found = due("eu_gdpr", "erasure", received, where, answered(received, [("identity", *wait) for wait in waits]))
    waited = sum((wait.days + 1 for _, wait in waits), 0)
    plain = add_months(received.astimezone(where.time_zone).date(), 1)
    assert found.due is None or day(found) <= plain + timedelta(days=waited + 12)


@given(instants, st.sampled_from(ZONES))
def test_a_breach_is_due_after_exactly_72_hours(received: datetime, zone: str) -> None:
    where = Place("DE", None, ZoneInfo(zone))
    found = due("eu_gdpr", "breach_report", max(received, datetime(2018, 6, 1, tzinfo=UTC)), where)
    assert found.instant == max(received, datetime(2018, 6, 1, tzinfo=UTC)) + timedelta(hours=72)


@given(recent, st.sampled_from(ZONES))
def test_the_instant_ends_the_due_day_and_not_the_next(received: datetime, zone: str) -> None:
    where = Place("DE", None, ZoneInfo(zone))
    found = due("eu_gdpr", "access", received, where)
    assert found.instant is not None
    assert found.instant.tzinfo is UTC
    assert (found.instant - timedelta(microseconds=1)).astimezone(where.time_zone).date() == found.due
    assert found.instant.astimezone(where.time_zone).date() == day(found) + timedelta(days=1)


@given(recent, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_the_same_instant_in_another_zone_is_due_the_same_day(received: datetime, zone: str, written_in: str) -> None:
    where = Place("DE", "BE", ZoneInfo(zone))
    assert due("eu_gdpr", "access", received.astimezone(ZoneInfo(written_in)), where).due == due("eu_gdpr", "access", received, where).due


@settings(max_examples=200)
@given(st.sampled_from(regimes()), st.sampled_from(list(Intent)), instants, st.sampled_from(ZONES), happenings)
def test_every_regime_answers_for_every_intent_on_any_day(
    regime: str, intent: Intent, received: datetime, zone: str, happening: list[tuple[str, timedelta, timedelta]]
) -> None:
    where = Place("DE", "BY", ZoneInfo(zone))
    found = due(regime, intent.value, received, where, answered(received, happening))
    assert found.reason
    assert found.alt_due is None or found.alt_due != found.due
    if found.instant is not None:
        assert found.instant > received
