"""Reminders: queues what is due, each step once; one sweep makes one notice per reader; after a downtime only the latest step is told."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.clerk import clock_kind, further_letters
from bot.notices import queue_desk_line, queue_staff_letter
from bot.office import Office
from bot.reminder_steps import (
    UNASSIGNED,
    UNREAD,
    Ladder,
    Level,
    Step,
    WorkingTime,
    day_steps,
    extension_steps,
    hour_steps,
    latest_and_next,
    runs_in_hours,
    waiting_steps,
)
from bot.staff_mail import (
    Matter,
    decide_extension,
    due_in_days,
    due_in_hours,
    escalation,
    look_by,
    reminder,
    unassigned_since,
    unread_since,
)
from intents.catalog import Intent
from models import Carrier, Event, Request, Ticket

_BATCH = 2000
_NOT_STAFF = frozenset(("bot", "requester"))
_ADDED = frozenset(("message_joined", "asked_again", "requester_learned", "post_edited", "post_deleted"))


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that people may have to be told of, with its steps in order of time. `intent` and `mark` tell it from all others."""

    intent: str
    mark: str
    steps: Iterable[Step]
    matter: Matter
    any_hour: bool = False

    def is_in(self, event: Event, step: str | None = None) -> bool:
        """Whether this journal line says that it was told; with `step`, that very step."""
        said = event.detail
        mine = event.kind == "reminded" and said.get("intent") == self.intent and said.get("mark") == self.mark
        return mine and step in (None, said.get("step"))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told: a colleague or channel in Slack, or a manager by mail."""

    carrier: Carrier
    place: str


@dataclass(frozen=True, slots=True)
class View:
    """What one sweep sees everything by."""

    office: Office
    working: WorkingTime
    now: datetime


def queue_due(session: Session, office: Office, now: datetime) -> int:
    """Tell what is due and set when to look at each request next. Returns how many notices were queued."""
    sweep = _Sweep(View(office, WorkingTime.of(office.config), now.astimezone(UTC)))
    is_due = (Request.outcome.is_(None), Request.remind_at <= now)
    found = session.scalars(select(Request.id).where(*is_due).order_by(Request.remind_at).limit(_BATCH)).all()  # one look into the index
    if not found:
        return 0
    waiting = select(Request, Ticket).join(Ticket).where(Request.id.in_(found), *is_due).order_by(Request.remind_at)
    waiting = waiting.options(selectinload(Ticket.events), selectinload(Ticket.requests))
    # Another process may be at the others. The ticket is locked as well: its journal says what was told.
    for request, ticket in session.execute(waiting.with_for_update(skip_locked=True, key_share=True)).all():
        sweep.look_at(ticket, request)
    return sweep.queue(session)


def look_again(ticket: Ticket, now: datetime) -> None:
    """Let the next sweep look at the ticket, because something happened to it that may have to be told."""
    for request in ticket.open_requests:
        request.remind_at = now


@dataclass(slots=True)
class _Sweep:
    """One look at all that is due; what is to be told is gathered by reader, under a name for each step."""

    view: View
    told: dict[Reader, dict[str, Matter]] = field(default_factory=dict)

    def look_at(self, ticket: Ticket, request: Request) -> None:
        moments = [self._follow(ticket, concern) for concern in _concerns(self.view, ticket, request)]
        request.remind_at = min((moment for moment in moments if moment is not None), default=None)

    def queue(self, session: Session) -> int:
        return sum(_queue(session, self.view, reader, matters) for reader, matters in self.told.items())

    def _follow(self, ticket: Ticket, concern: Concern) -> datetime | None:
        """Tell the concern's latest step unless it was told. Returns when the next one comes, or when this one may be told."""
        now, working = self.view.now, self.view.working
        step, following = latest_and_next(concern.steps, now)
        if step is None or any(concern.is_in(event, step.name) for event in ticket.events):
            return following
        if not concern.any_hour and not working.is_open(now):
            return working.opening(now)
        self._tell(ticket, concern, step)
        return following

    def _tell(self, ticket: Ticket, concern: Concern, step: Step) -> None:
        level = max(step.level, Level.DESK) if _handler_knows(ticket, concern) else step.level
        if further_letters(ticket):  # who had to ask twice should not have to ask a third time
            level = Level(min(level + 1, Level.MANAGERS))
        name = f"{ticket.reference}:{concern.intent}:{concern.mark}:{step.name}"
        readers = _readers(self.view.office, ticket.handler, level)
        for reader in readers:
            self.told.setdefault(reader, {})[name] = concern.matter
        if readers:
            ticket.record("reminded", "bot", self.view.now, intent=concern.intent, mark=concern.mark, step=step.name,
                          escalated=level is Level.MANAGERS)  # fmt: skip


def _queue(session: Session, view: View, reader: Reader, matters: dict[str, Matter]) -> bool:
    """One notice; its key is made of the reader and of each step told: the journal forbids a second telling, and so does this."""
    office, managers = view.office, view.office.config.escalation.managers
    name = reader.place if reader.carrier is Carrier.SLACK else f"manager-{managers.index(reader.place)}"
    key = f"reminder:{name}:{sha256('|'.join(sorted(matters)).encode()).hexdigest()[:32]}"
    if reader.carrier is Carrier.SLACK:
        return queue_desk_line(session, office, key, reminder(matters.values()), view.now, user=reader.place)
    return queue_staff_letter(session, office, key, "escalation", escalation(matters.values()), reader.place, view.now)


def _readers(office: Office, handler: str | None, level: Level) -> list[Reader]:
    """Without a desk in Slack the managers are the only ones to tell."""
    slack, rules = office.config.slack, office.config.escalation
    managers = [Reader(Carrier.MAIL, address) for address in dict.fromkeys(rules.managers)]
    if slack is None:
        return managers
    places = [handler or slack.desk_channel]
    places += [slack.desk_channel] if level >= Level.DESK else []
    places += rules.slack if level >= Level.MANAGERS else []
    return [Reader(Carrier.SLACK, place) for place in dict.fromkeys(places)] + (managers if level >= Level.MANAGERS else [])


def _handler_knows(ticket: Ticket, concern: Concern) -> bool:
    """Whether they heard of it since it is theirs: from the second step on, the desk hears of it as well."""
    claimed = [number for number, event in enumerate(ticket.events) if event.kind == "claimed"]
    return bool(claimed) and any(concern.is_in(event) for event in ticket.events[claimed[-1] :])


def _concerns(view: View, ticket: Ticket, request: Request) -> Iterator[Concern]:
    """All that may have to be told because of one request; the last two are the ticket's, and hang on each of its open requests."""
    rules = view.office.config.reminders
    if request.safest_at is not None and _runs_in_hours(view, ticket, request):
        yield _due_in_hours(view, ticket, request, request.safest_at)
    elif request.safest_at is not None:
        yield from _due_in_days(view, ticket, request, request.safest_at)
    if ticket.handler is None:
        since = max((event.at for event in ticket.events if event.kind == "reopened"), default=ticket.opened_at)
        yield _waiting(view, ticket, "unassigned", since, rules.unassigned, UNASSIGNED, unassigned_since)
    if (answered_at := _unread_since(ticket)) is not None:
        yield _waiting(view, ticket, "answer", answered_at, rules.unread, UNREAD, unread_since)


def _due_in_hours(view: View, ticket: Ticket, request: Request, end: datetime) -> Concern:
    matter = _matter(ticket, request, due_in_hours(end, view.now))
    return Concern(request.intent, f"due-{end:%Y-%m-%dT%H:%M}", hour_steps(end, ticket.received_at), matter, any_hour=True)


def _due_in_days(view: View, ticket: Ticket, request: Request, end: datetime) -> Iterator[Concern]:
    """The due date; and while the clock runs, the decision whether to extend."""
    working, rules = view.working, view.office.config.reminders
    today, last_day = working.day(view.now), working.day(end - timedelta(microseconds=1))
    words = due_in_days(last_day, request.due_on, today) if request.due_on else look_by(last_day, today)
    steps = day_steps(last_day, ticket.received_at, working, rules)
    yield Concern(request.intent, f"due-{last_day}", steps, _matter(ticket, request, words))
    if request.due_on is None or request.extension_notice_by is None or any(e.kind == "extension_notice" for e in ticket.events):
        return
    notice_by = min(request.extension_notice_by, last_day)
    if notice_by >= today:
        matter = replace(_matter(ticket, request, decide_extension(notice_by)), late_or_due=False)
        yield Concern(request.intent, f"extension-{notice_by}", extension_steps(notice_by, working, rules), matter)


def _waiting(view: View, ticket: Ticket, name: str, since: datetime, working_days: int, ladder: Ladder, words: Callable[[date], str]
             ) -> Concern:  # fmt: skip
    """Something that waits for a colleague. Where managers alone are told, they are told once."""
    rungs = ladder if view.office.has_slack else ladder[:1]
    ends = min((request.safest_at for request in ticket.open_requests if request.safest_at), default=None)
    asked = tuple(dict.fromkeys(request.intent for request in ticket.open_requests))
    matter = Matter(ticket.reference, asked, words(view.working.day(since)), ends, late_or_due=False)
    return Concern("", f"{name}-{since:%Y-%m-%dT%H:%M:%S}", waiting_steps(name, since, working_days, rungs, view.working), matter)


def _matter(ticket: Ticket, request: Request, words: str) -> Matter:
    return Matter(ticket.reference, (request.intent,), words, request.safest_at, unclaimed=ticket.handler is None)


def _unread_since(ticket: Ticket) -> datetime | None:
    """When the requester wrote the first message after the last thing that any colleague did or read; a letter beside it counts."""
    since = None
    for event in reversed(ticket.events):
        if event.kind in _ADDED:  # a colleague's is no look: they may add to their own matter in Slack
            since = event.at if event.actor == "requester" else since
        elif event.actor not in _NOT_STAFF:
            break
    return since


def _runs_in_hours(view: View, ticket: Ticket, request: Request) -> bool:
    try:
        kind = clock_kind(ticket, Intent(request.intent))
        return runs_in_hours(ticket.regime, kind, view.working.day(ticket.received_at))
    except ValueError:  # an intent or regime that is known no more: its date stands, and is told in days
        return False
