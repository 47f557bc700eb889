"""Digest: the week's figures for managers, counted from plain facts; no names of requesters, no addresses, no texts."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from bot.weeks import Week
from intents.catalog import Intent


@dataclass(frozen=True)
class RequestFact:
    """One request of a ticket. Days are the controller's local days; open while it has no outcome."""

    intent: str
    due_on: date | None
    outcome: str | None
    closed_on: date | None


@dataclass(frozen=True)
class TicketFact:
    """One ticket as the digest sees it. `handler` is a colleague's display name or Slack id; days are the controller's local days."""

    reference: str
    regime: str
    language: str
    status: str
    handler: str | None
    received_on: date
    unclear: bool
    corrected: bool
    extended: bool
    requests: tuple[RequestFact, ...]

    @property
    def is_open(self) -> bool:
        """True until it is closed, whoever we wait for."""
        return self.status != "closed"

    @property
    def due_on(self) -> date | None:
        """The earliest due date among the open requests; None where no period runs."""
        return min((request.due_on for request in self.requests if request.outcome is None and request.due_on), default=None)


@dataclass(frozen=True)
class MailFacts:
    """Mail of the week: held for a person, noise that asks for nothing, robots' mail that was ignored, letters that the limits withheld."""

    held: int
    noise: int
    ignored: int
    withheld: int


@dataclass(frozen=True)
class OpenTicket:
    """A ticket that is open today. `days_left` is negative when it is late and None where no period runs."""

    reference: str
    days_open: int
    due_on: date | None
    days_left: int | None
    handler: str | None
    waiting: bool
    extended: bool


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """0 to 100, None of nothing. Rounded, but 100 means all and 0 means none."""
        if not self.whole:
            return None
        if 0 < self.part < self.whole:
            return min(max(round(100 * self.part / self.whole), 1), 99)
        return 100 if self.part else 0

    def __str__(self) -> str:
        return "–" if self.percent is None else f"{self.percent}%"


@dataclass(frozen=True)
class Count:
    """How often one intent, regime or language came."""

    name: str
    number: int


@dataclass(frozen=True)
class TrendWeek:
    """Tickets received and closed in one week, and open at its end (in a week that still runs: now)."""

    week: Week
    received: int
    closed: int
    open: int


@dataclass(frozen=True)
class Digest:
    """The figures. What is open, overdue or due is as of `today`; everything else is of the `week`."""

    week: Week
    today: date
    open_tickets: tuple[OpenTicket, ...]
    """Longest open first."""
    by_intent: tuple[Count, ...]
    """Requests of the tickets received, in the order of the catalog; a ticket may have several."""
    by_regime: tuple[Count, ...]
    by_language: tuple[Count, ...]
    median_days: float | None
    """From receipt to outcome, of the requests closed in the week; None when there were none."""
    p90_days: int | None
    """The smallest number of days within which at least nine of ten were closed (nearest rank)."""
    on_time: Share
    """Of the requests closed in the week that had a due date, those closed on it or before."""
    unclear: Share
    """Of the tickets received in the week, those the classifier left to a person."""
    corrected: Share
    """Of the tickets received in the week, those whose intents a person changed."""
    mail: MailFacts
    trend: tuple[TrendWeek, ...]
    """Twelve weeks, oldest first; the last one is `week`."""
    missed: tuple[Week, ...] = ()
    """The weeks before this one that no digest was sent of, because the bot did not run when they were due."""

    @property
    def is_so_far(self) -> bool:
        """True while the week still runs."""
        return self.today <= self.week.last

    @property
    def received(self) -> int:
        """Tickets received in the week."""
        return self.trend[-1].received

    @property
    def closed(self) -> int:
        """Tickets closed in the week."""
        return self.trend[-1].closed

    @property
    def open(self) -> int:
        """Tickets open today."""
        return len(self.open_tickets)

    @property
    def overdue(self) -> tuple[OpenTicket, ...]:
        """Open tickets whose due date is before today, the most days late first."""
        return self._due_within(-math.inf, -1)

    @property
    def due_in_7_days(self) -> tuple[OpenTicket, ...]:
        """Open tickets due today or in the next seven days, the most urgent first."""
        return self._due_within(0, 7)

    @property
    def due_in_14_days(self) -> tuple[OpenTicket, ...]:
        """Open tickets due today or in the next fourteen days, those of the next seven included."""
        return self._due_within(0, 14)

    @property
    def by_due(self) -> tuple[Count, ...]:
        """Open tickets by how near their due date is: each in one of `overdue`, `due_7`, `due_14`, `later`, `undated`."""
        parts = {"overdue": (-math.inf, -1), "due_7": (0, 7), "due_14": (8, 14), "later": (15, math.inf)}
        counted = [Count(name, len(self._due_within(least, most))) for name, (least, most) in parts.items()]
        return (*counted, Count("undated", self.open - sum(count.number for count in counted)))

    @property
    def unassigned(self) -> tuple[OpenTicket, ...]:
        """Open tickets without a handler, longest open first."""
        return tuple(ticket for ticket in self.open_tickets if not ticket.handler)

    @property
    def waiting(self) -> int:
        """Open tickets where we wait for the requester."""
        return sum(ticket.waiting for ticket in self.open_tickets)

    @property
    def paused(self) -> int:
        """Those of them whose clock stands still meanwhile."""
        return sum(ticket.waiting and ticket.days_left is None for ticket in self.open_tickets)

    @property
    def extensions(self) -> int:
        """Open tickets whose requester was told of an extension (Art 12(3) GDPR)."""
        return sum(ticket.extended for ticket in self.open_tickets)

    @property
    def oldest(self) -> tuple[OpenTicket, ...]:
        """The five that are open longest."""
        return self.open_tickets[:5]

    @property
    def is_empty(self) -> bool:
        """True when nothing came, nothing was closed, nothing is open and nothing is held for a person."""
        return not (self.received or self.closed or self.open or self.mail.held)

    def _due_within(self, least: float, most: float) -> tuple[OpenTicket, ...]:
        dated = [(ticket.days_left, ticket) for ticket in self.open_tickets if ticket.days_left is not None]
        return tuple(ticket for left, ticket in sorted(dated, key=lambda pair: pair[0]) if least <= left <= most)


def check_has_begun(week: Week, today: date) -> None:
    """Raises ValueError for a week in the future."""
    if week.first > today:
        raise ValueError(f"week {week} has not begun yet; the latest is {Week.of(today)}")


def summarise(tickets: Iterable[TicketFact], mail: MailFacts, trend: tuple[TrendWeek, ...], today: date) -> Digest:
    """The digest of the trend's last week as seen on `today`, both in the controller's time zone.

    `tickets`: at least those that are open, came in the week, or had a request closed in it. Raises ValueError for a week in the future.
    """
    week = trend[-1].week
    check_has_begun(week, today)
    facts = sorted(tickets, key=lambda ticket: (ticket.received_on, ticket.reference))
    arrived = [ticket for ticket in facts if ticket.received_on in week]
    finished = [(ticket, request) for ticket in facts for request in ticket.requests if request.outcome and request.closed_on in week]
    days = sorted((request.closed_on - ticket.received_on).days for ticket, request in finished if request.closed_on)
    return Digest(
        week=week,
        today=today,
        open_tickets=tuple(_open_ticket(ticket, today) for ticket in facts if ticket.is_open),
        by_intent=_by_intent(arrived),
        by_regime=_most_first(ticket.regime for ticket in arrived),
        by_language=_most_first(ticket.language for ticket in arrived),
        median_days=median(days) if days else None,
        p90_days=days[math.ceil(9 * len(days) / 10) - 1] if days else None,
        on_time=_share(request.closed_on <= request.due_on for _, request in finished if request.closed_on and request.due_on),
        unclear=_share(ticket.unclear for ticket in arrived),
        corrected=_share(ticket.corrected for ticket in arrived),
        mail=mail,
        trend=trend,
    )


def _open_ticket(ticket: TicketFact, today: date) -> OpenTicket:
    due, age = ticket.due_on, (today - ticket.received_on).days
    left = (due - today).days if due else None
    return OpenTicket(ticket.reference, age, due, left, ticket.handler, waiting=ticket.status == "waiting", extended=ticket.extended)


def _by_intent(tickets: Iterable[TicketFact]) -> tuple[Count, ...]:
    counted = Counter(request.intent for ticket in tickets for request in ticket.requests)
    strangers = sorted(counted.keys() - set(Intent))  # of an older catalog
    return tuple(Count(intent, counted[intent]) for intent in (*map(str, Intent), *strangers) if counted[intent])


def _most_first(names: Iterable[str]) -> tuple[Count, ...]:
    return tuple(Count(*pair) for pair in sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _share(answers: Iterable[bool]) -> Share:
    counted = Counter(answers)
    return Share(counted[True], counted.total())
