"""Weeks of a privacy desk to draw digests of, worked out by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.digest import Digest, MailFacts, RequestFact, TicketFact, TrendWeek, summarise
from bot.weeks import Week

WEEK = Week(2026, 47)  # 16 to 22 November
TODAY = date(2026, 11, 23)
MAIL = MailFacts(held=3, noise=5, ignored=8, withheld=2)
NO_MAIL = MailFacts(0, 0, 0, 0)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


def asked(intent: str, due: date | None = None, closed: date | None = None) -> RequestFact:
    return RequestFact(intent, due, "fulfilled" if closed else None, closed)


def ticket(
    number: int, received: date, *requests: RequestFact, status: str = "open", handler: str | None = "Mara",
    regime: str = "eu_gdpr", language: str = "de", unclear: bool = False, corrected: bool = False, extended: bool = False,
) -> TicketFact:  # fmt: skip
    reference = f"PRV-2026-{number:05}"
    return TicketFact(reference, regime, language, status, handler, received, unclear, corrected, extended, tuple(requests))


def trend(tickets: Iterable[TicketFact], last: Week = WEEK) -> tuple[TrendWeek, ...]:
    """The twelve weeks of these tickets; a closed one was closed with its last request."""
    came = [fact.received_on for fact in tickets]
    went = [max(request.closed_on for request in fact.requests if request.closed_on) for fact in tickets if fact.status == "closed"]
    weeks = [Week.of(last.first - timedelta(weeks=back)) for back in reversed(range(12))]
    return tuple(
        TrendWeek(week, sum(day in week for day in came), sum(day in week for day in went),
                  sum(day <= week.last for day in came) - sum(day <= week.last for day in went)) for week in weeks
    )  # fmt: skip


def digest_of(
    *tickets: TicketFact, mail: MailFacts = NO_MAIL, week: Week = WEEK, today: date = TODAY, missed: tuple[Week, ...] = ()
) -> Digest:
    """The digest of a desk that has these tickets."""
    return replace(summarise(tickets, mail, trend(tickets, week), today), missed=missed)


LATE = ticket(1, on(10, 12), asked("access", on(11, 12)))
PAUSED = ticket(2, on(10, 20), asked("erasure"), status="waiting", handler=None, extended=True)
HALF_DONE = ticket(3, on(10, 26), asked("access", on(11, 18), on(11, 18)), asked("erasure", on(11, 30)), status="in_progress")
UNCLEAR = ticket(4, on(11, 17), asked("question"), handler=None, unclear=True)
CHANGED = ticket(
    5, on(11, 16), asked("unsubscribe", on(12, 16)), asked("access", on(12, 7)), regime="uk_gdpr", language="en", corrected=True
)
QUICK = ticket(6, on(11, 18), asked("unsubscribe", on(12, 18), on(11, 20)), status="closed", language="en")
TARDY = ticket(7, on(10, 1), asked("access", on(11, 2), on(11, 22)), status="closed", regime="us_ca_ccpa")
SUNDAY = ticket(8, on(11, 22), asked("other", None, on(11, 23)), status="closed", language="es")
MONDAY = ticket(9, on(11, 23), asked("access", on(12, 23)), handler="U07QX4MARA")
LONG_AGO = ticket(10, on(8, 24), asked("access", on(9, 24), on(9, 6)), status="closed")
ALL = (MONDAY, LONG_AGO, SUNDAY, TARDY, QUICK, CHANGED, UNCLEAR, HALF_DONE, PAUSED, LATE)
BUSY = digest_of(*ALL, mail=MAIL)
