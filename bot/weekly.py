"""Weekly: gathers the week's figures from the database and queues the digest, once per week whatever happens."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from bot.desk import Refused
from bot.digest import Digest, MailFacts, RequestFact, TicketFact, Week, summarise
from bot.digest_page import Block, blocks, render
from bot.notation import DAYS
from bot.notices import queue_staff_letter
from bot.office import Office
from bot.queueing import queue
from bot.wording import Letter
from models import Carrier, Direction, Mark, Message, Notice, Request, Status, Ticket

HANDLER_NAME = "slack-user:"
_TREND = timedelta(weeks=13)


def queue_digest(session: Session, office: Office, now: datetime) -> int:
    """Queue the digest of the last whole week when its day and hour have come; after a downtime only the latest.

    Returns how many notices were queued.
    """
    week = last_due_week(office, now)
    after = datetime.combine(week.last + timedelta(days=1), time(), office.config.organisation.time_zone)
    # the weeks before the bot's first message are nobody's business
    existed = session.scalar(select(Message.id).where(Message.received_at < after).limit(1)) is not None
    return queue_week(session, office, week, now) if existed else 0


def last_due_week(office: Office, now: datetime) -> Week:
    """The week whose digest is due: the one before the week in which day and hour last came round."""
    zone, rules = office.config.organisation.time_zone, office.config.digest
    local = now.astimezone(zone)
    this_week = Week.of(local.date())
    day = this_week.first + timedelta(days=DAYS.index(rules.day))
    moment = datetime.combine(day, rules.at, zone)
    return this_week.previous() if local >= moment else this_week.previous().previous()


def queue_week(session: Session, office: Office, week: Week, now: datetime) -> int:
    """Queue one week's digest to everyone in the config. Notices with these keys exist once."""
    keys = [f"digest:{week}:{number}" for number in range(len(office.config.digest.recipients))]
    keys += [f"digest:{week}:slack"] if office.has_slack and office.config.digest.slack else []
    told = set(session.scalars(select(Notice.key).where(Notice.key.in_(keys))))
    if told >= set(keys):
        return 0  # asked every quarter of an hour, gathered once a week
    digest = gather(session, office, week, now)
    page = render(digest, office.config.organisation.name)
    letter = Letter(subject=page.subject, text=page.text, html=page.html, language="en")
    queued = 0
    for number, recipient in enumerate(office.config.digest.recipients):
        queued += queue_staff_letter(session, office, keys[number], "digest", letter, recipient, now)
    if office.config.slack is not None and office.config.digest.slack:
        text, drawn = blocks(digest)
        payload = {"channel": office.config.slack.desk_channel, "text": text, "blocks": drawn}
        queued += queue(session, Notice.queue(f"digest:{week}:slack", Carrier.SLACK, "blocks", payload, now))
    return queued


def as_blocks(session: Session, office: Office, name: str, now: datetime) -> tuple[str, list[Block]]:
    """A week's digest for Slack; of the last full week without a `name`. Raises Refused for a week that is none or has not begun."""
    this_week = Week.of(now.astimezone(office.config.organisation.time_zone).date())
    try:
        week = Week.parse(name.upper()) if name else this_week.previous()
    except ValueError as error:
        words = str(error)
        raise Refused(f"{words[:1].upper()}{words[1:]}.") from None
    if week > this_week:
        raise Refused(f"Week {week} has not begun yet; the latest is {this_week}.")
    return blocks(gather(session, office, week, now))


def gather(session: Session, office: Office, week: Week, now: datetime) -> Digest:
    """The figures of one week as they stand now."""
    zone = office.config.organisation.time_zone
    start = datetime.combine(week.first, time(), zone)
    end = start + timedelta(days=7)
    recent = or_(Ticket.status != Status.CLOSED, Ticket.closed_at >= start - _TREND, Ticket.received_at >= start - _TREND)
    tickets = session.scalars(select(Ticket).where(recent).options(selectinload(Ticket.requests), selectinload(Ticket.events)))
    called = names(session)
    facts = (_fact(ticket, office, called) for ticket in tickets)
    return summarise(facts, _mail(session, start, end), week, now.astimezone(zone).date())


def names(session: Session) -> dict[str, str]:
    """What colleagues are called in Slack, by user id, as far as they have pressed a button."""
    marks = session.scalars(select(Mark).where(Mark.name.startswith(HANDLER_NAME, autoescape=True)))
    return {mark.name.removeprefix(HANDLER_NAME): mark.value for mark in marks}


def _fact(ticket: Ticket, office: Office, names: Mapping[str, str]) -> TicketFact:
    zone = office.config.organisation.time_zone
    kinds = {event.kind for event in ticket.events}
    return TicketFact(
        reference=ticket.reference, regime=ticket.regime, language=ticket.language, source=ticket.source, status=str(ticket.status),
        handler=names.get(ticket.handler, ticket.handler) if ticket.handler else None,
        received_on=ticket.received_at.astimezone(zone).date(),
        closed_on=ticket.closed_at.astimezone(zone).date() if ticket.closed_at else None,
        unclear=any(event.kind == "classified" and event.detail.get("unclear") for event in ticket.events),
        corrected="reclassified" in kinds, extended="extension_notice" in kinds,
        requests=tuple(_request_fact(request, zone) for request in ticket.requests),
    )  # fmt: skip


def _request_fact(request: Request, zone: ZoneInfo) -> RequestFact:
    closed_on = request.closed_at.astimezone(zone).date() if request.closed_at else None
    return RequestFact(request.intent, request.due_on, request.outcome, closed_on)


def _mail(session: Session, start: datetime, end: datetime) -> MailFacts:
    def count(decision: str) -> int:
        of_week = select(func.count()).select_from(Message).where(
            Message.direction == Direction.IN, Message.decision == decision, Message.received_at >= start, Message.received_at < end
        )  # fmt: skip
        return session.scalar(of_week) or 0

    return MailFacts(held=count("hold"), noise=count("noise"), suppressed=count("ignore"))
