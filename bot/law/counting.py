"""Counting one period under one reading of the law: pauses, extension and rolling to a working day, in local dates only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.law.calendars import DAY, Calendar, add_months
from bot.law.clock_table import Clock, Effect, Pauses, Period

QUESTIONS = ("identity", "clarification", "fee")


@dataclass(frozen=True)
class Step:
    """What happened on a local day: a question about `topic` asked or answered, or (topic `extension`) the notice sent."""

    topic: str
    answer: bool
    day: date


@dataclass(frozen=True)
class Pause:
    """A question to the requester; `answered` is None while it waits."""

    topic: str
    effect: Effect
    asked: date
    answered: date | None

    def days(self) -> frozenset[date]:
        """The days that don't count: after the question up to the answer; `excludes` takes the day of the question too (Art 12A(5))."""
        assert self.answered is not None
        first = self.asked if self.effect == "excludes" else self.asked + DAY
        return frozenset(first + DAY * n for n in range((self.answered - first).days + 1))


@dataclass(frozen=True)
class Limit:
    """Where a period ends: `raw` before rolling, `day` after it; both None while `open_pause` waits for its answer."""

    start: date
    raw: date | None = None
    day: date | None = None
    paused_days: int = 0
    open_pause: Pause | None = None
    late: tuple[Pause, ...] = ()
    """Questions asked after the end: too late to move it."""


@dataclass(frozen=True)
class Reading:
    """One way to read the law: whose holidays, which receipt date, which day is day 1, what pauses, whether the end rolls."""

    clock: Clock
    calendar: Calendar
    received_on: date
    first_day: bool
    rolls: bool
    pauses: Pauses
    chained: bool = False

    def closes(self, spans: Sequence[Period], start: date, uncounted: Iterable[date] = ()) -> tuple[date, date]:
        """The last day of consecutive spans from `start`, before and after rolling; uncounted days after `start` are added."""
        first_day = self.first_day and tuple(spans) != self.extended_spans()
        end = start
        for span in spans:
            end = self._after(span, end, first_day=first_day)
        end += DAY * sum(day > start for day in uncounted)
        return end, self.calendar.roll(end) if self.rolls else end

    def extended_spans(self) -> tuple[Period, ...]:
        """The extended period, counted from the start as one; chained, the first period and then the rest."""
        period, extension = self.clock.period, self.clock.extension
        if period is None or extension is None or extension.total is None:
            return ()
        if self.chained and extension.total.months > period.months > 0:
            return period, Period(months=extension.total.months - period.months)
        return (extension.total,)

    def _after(self, span: Period, start: date, *, first_day: bool) -> date:
        if span.months:
            return add_months(start, span.months)
        if span.business_days:
            return self.calendar.nth_working_day(start, span.business_days, start_counts=first_day)
        return start + DAY * (span.days - first_day)


@dataclass(frozen=True)
class Count:
    """What a reading makes of the events; pure, each part computed once."""

    reading: Reading
    steps: tuple[Step, ...]

    @cached_property
    def pauses(self) -> tuple[Pause, ...]:
        """The questions that this reading lets stop the clock, oldest first."""
        found = [p for topic in QUESTIONS for p in self._pauses_about(topic, getattr(self.reading.pauses, topic))]
        return tuple(sorted(found, key=lambda pause: pause.asked))

    @cached_property
    def first(self) -> Limit:
        """The end of the period without extension: also the last day for the notice."""
        assert self.reading.clock.period is not None
        return self._limit((self.reading.clock.period,))

    @cached_property
    def notice(self) -> date | None:
        """The day of the first notice of extension."""
        return next((step.day for step in self.steps if step.topic == "extension"), None)

    @cached_property
    def extended(self) -> bool:
        """True when the law knows an extension and its notice left in time; while the clock is paused it can't be late."""
        if self.reading.clock.extension is None or self.notice is None:
            return False
        return self.first.day is None or self.notice <= self.first.day

    @cached_property
    def last(self) -> Limit:
        """The end that counts; without a day while paused, and when the law sets the extension no maximum."""
        if not self.extended:
            return self.first
        spans = self.reading.extended_spans()
        return self._limit(spans) if spans else Limit(self.first.start, open_pause=self.first.open_pause)

    def _limit(self, spans: Sequence[Period]) -> Limit:
        start, uncounted, late = self.reading.received_on, frozenset[date](), list[Pause]()
        for pause in self.pauses:
            if pause.asked > self.reading.closes(spans, start, uncounted)[1]:
                late.append(pause)
            elif pause.answered is None:
                return Limit(start, open_pause=pause)
            elif pause.effect == "restarts":
                start = max(start, pause.answered)
            else:
                uncounted |= pause.days()
        raw, day = self.reading.closes(spans, start, uncounted)
        return Limit(start, raw, day, sum(d > start for d in uncounted), late=tuple(late))

    def _pauses_about(self, topic: str, effect: Effect) -> Iterator[Pause]:
        asked: date | None = None
        for step in self.steps if effect != "none" else ():
            if step.topic != topic:
                continue
            if not step.answer:
                asked = asked or step.day  # a second question while the first waits changes nothing
            elif asked:
                yield Pause(topic, effect, asked, step.day)
                asked = None
        if asked:
            yield Pause(topic, effect, asked, None)


def in_words(count: Count, zone: str, review: date | None) -> str:
    """The whole count in one line, for a person who wants to follow it."""
    return "; ".join([f"received {_day(count.reading.received_on)} ({zone})", *_ending(count, review), *_without_effect(count)])


def _ending(count: Count, review: date | None) -> Iterator[str]:
    end = count.last
    if end.open_pause:
        yield f"paused since {_day(end.open_pause.asked)} ({end.open_pause.topic}, no answer yet): no due date; review by {review}"
        return
    if end.start != count.reading.received_on:
        yield f"counted from the answer on {_day(end.start)}"
    if count.extended:
        yield f"extension notice of {count.notice} in time (by {count.first.day})"
    if end.raw is None or end.day is None:
        yield "the law sets no maximum, the date named to the requester counts"
        return
    pause = f" and {end.paused_days} days of pause" if end.paused_days else ""
    yield f"{_length(count)}{pause} until {_day(end.raw)}"
    if end.raw != end.day:
        yield f"{count.reading.calendar.why_free(end.raw)}, so the next working day {_day(end.day)}"


def _without_effect(count: Count) -> Iterator[str]:
    asked = {step.topic for step in count.steps if not step.answer}
    for topic in QUESTIONS:
        if topic in asked and getattr(count.reading.pauses, topic) == "none":
            yield f"a question about {topic} does not stop this clock"
    yield from (f"{pause.topic} asked on {pause.asked}, after the end: no effect" for pause in count.last.late)
    if count.notice and count.reading.clock.extension is None:
        yield "this clock knows no extension"
    elif count.notice and not count.extended:
        yield f"extension notice of {count.notice} too late (by {count.first.day}): no effect"


def _length(count: Count) -> Period | None:
    clock = count.reading.clock
    return clock.extension.total if count.extended and clock.extension else clock.period


def _day(day: date) -> str:
    return f"{day:%a} {day}"
