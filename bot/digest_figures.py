"""Digest figures: the facts of a week, asked of the database in sets, so that a register of many years costs no more than what is open."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.digest import Digest, MailFacts, RequestFact, TicketFact, TrendWeek, check_has_begun, summarise
from bot.letterbox import WITHHELD_BY_LIMITS
from bot.office import Office
from bot.weeks import Week
from models import Direction, Event, Mark, Message, Request, Status, Ticket

HANDLER_NAME = "slack-user:"
_WEEKS = 12
_TOLD_BY_JOURNAL = ("classified", "reclassified", "extension_notice")


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to just before another."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, week: Week, zone: ZoneInfo) -> "Span":
        """The week as it runs in a time zone."""
        return cls(midnight(week, zone), midnight(week.next(), zone))

    def holds(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Whether the instant in a column lies in it."""
        return column.between(self.start, self.end - timedelta(microseconds=1))


def midnight(week: Week, zone: ZoneInfo) -> datetime:
    """When the week begins."""
    return datetime.combine(week.first, time(), zone)


def gather(session: Session, office: Office, week: Week, now: datetime) -> Digest:
    """The figures of one week as they stand now. Raises ValueError for a week in the future."""
    zone = office.config.organisation.time_zone
    today = now.astimezone(zone).date()
    check_has_begun(week, today)
    span = Span.of(week, zone)
    return summarise(_tickets(session, span, zone), _mail(session, span), _trend(session, week, zone), today)


def _tickets(session: Session, span: Span, zone: ZoneInfo) -> Iterator[TicketFact]:
    """What is open, came in the week, or was answered in it; columns, not objects: an object with its journal costs ten times as much."""
    answered = select(Request.ticket_id).where(span.holds(Request.closed_at))
    wanted = or_(Ticket.status != Status.CLOSED, span.holds(Ticket.received_at), Ticket.id.in_(answered))
    requests, said, called = _requests(session, wanted, zone), _said(session, wanted), names(session)
    columns = (Ticket.id, Ticket.reference, Ticket.regime, Ticket.language, Ticket.status, Ticket.handler, Ticket.received_at)
    for number, reference, regime, language, status, handler, received_at in session.execute(select(*columns).where(wanted)):
        yield TicketFact(
            reference=reference, regime=regime, language=language, status=str(status), handler=called.get(handler, handler) or None,
            received_on=received_at.astimezone(zone).date(), unclear="unclear" in said[number], corrected="reclassified" in said[number],
            extended="extension_notice" in said[number], requests=tuple(requests[number]),
        )  # fmt: skip


def _requests(session: Session, wanted: ColumnElement[bool], zone: ZoneInfo) -> Mapping[int, list[RequestFact]]:
    found: dict[int, list[RequestFact]] = defaultdict(list)
    columns = (Request.ticket_id, Request.intent, Request.due_on, Request.outcome, Request.closed_at)
    for number, intent, due_on, outcome, closed_at in session.execute(select(*columns).join(Ticket).where(wanted)):
        found[number].append(RequestFact(intent, due_on, outcome, closed_at.astimezone(zone).date() if closed_at else None))
    return found


def _said(session: Session, wanted: ColumnElement[bool]) -> Mapping[int, set[str]]:
    """What the journals say of the reading and of the period, in one word each."""
    found: dict[int, set[str]] = defaultdict(set)
    columns = (Event.ticket_id, Event.kind, Event.detail)
    for number, kind, detail in session.execute(select(*columns).join(Ticket).where(Event.kind.in_(_TOLD_BY_JOURNAL), wanted)):
        found[number].add("unclear" if kind == "classified" and detail.get("unclear") else kind)
    return found


def names(session: Session) -> Mapping[str | None, str]:
    """What colleagues are called in Slack, by user id, as far as they have pressed a button."""
    marks = session.scalars(select(Mark).where(Mark.name.startswith(HANDLER_NAME, autoescape=True)))
    return {mark.name.removeprefix(HANDLER_NAME): mark.value for mark in marks}


def _mail(session: Session, span: Span) -> MailFacts:
    of_week = (Message.direction == Direction.IN, span.holds(Message.received_at))
    by_decision = session.execute(select(Message.decision, func.count()).where(*of_week).group_by(Message.decision))
    counted = {str(decision): number for decision, number in by_decision}
    not_written = session.scalars(select(Event.detail).where(Event.kind == "not_acknowledged", span.holds(Event.at)))
    withheld = sum(detail.get("reason") in WITHHELD_BY_LIMITS for detail in not_written)
    return MailFacts(held=counted.get("hold", 0), noise=counted.get("noise", 0), ignored=counted.get("ignore", 0), withheld=withheld)


def _trend(session: Session, week: Week, zone: ZoneInfo) -> tuple[TrendWeek, ...]:
    weeks = [Week.of(week.first - timedelta(weeks=back)) for back in reversed(range(_WEEKS))]
    edges = [midnight(each, zone) for each in (*weeks, week.next())]
    received = _by_week(session, Ticket.received_at, edges)
    closed = _by_week(session, Ticket.closed_at, edges, Ticket.status == Status.CLOSED)
    left_open = list(accumulate(came - went for came, went in zip(received, closed, strict=True)))
    return tuple(TrendWeek(each, *figures) for each, *figures in zip(weeks, received[1:], closed[1:], left_open[1:], strict=True))


def _by_week(session: Session, column: InstrumentedAttribute[Any], edges: list[datetime], *which: ColumnElement[bool]) -> list[int]:
    """How many instants of a column lie before the first edge, then between each two; one look at the table, whatever the clocks did."""
    part = case(*((column < edge, number) for number, edge in enumerate(edges)))
    counted = session.execute(select(part, func.count()).where(column < edges[-1], *which).group_by(part))
    numbers = {int(number): int(count) for number, count in counted}
    return [numbers.get(number, 0) for number in range(len(edges))]
