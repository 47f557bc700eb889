"""Watchdog: tells the desk when mail may reach us no more, once per incident, and once more when it is well again."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.config import Config
from bot.notices import Addressee, letter_payload, queue_desk_line, queue_staff_letter
from bot.office import Office
from bot.queueing import queue
from bot.staff_mail import self_test, watchdog
from models import Carrier, Direction, Mark, Message, Notice, NoticeState

log = logging.getLogger("privacybot")

BACK_WITHIN = timedelta(minutes=30)
"""How long the self-test mail may be under way."""

_FIRST_POLL_TAKES = timedelta(minutes=1)
_LONGEST_PROOF = timedelta(minutes=15)
_CLOCKS_DIFFER = timedelta(minutes=10)
_NEVER = datetime.min.replace(tzinfo=UTC)
_REFUSED = frozenset((
    "account_inactive", "invalid_auth", "missing_scope", "not_allowed_token_type", "not_authed", "token_expired", "token_revoked",
))  # fmt: skip
"""What Slack says to a token that only a person can replace."""


def note_poll(session: Session, now: datetime) -> None:
    """The mailbox was looked into and what lay there is filed; remembered, so that a restart does not start the count anew."""
    Marks(session).put("polled", now)


def fresh_for(config: Config) -> timedelta:
    """How old the last look into the mailbox may be while all is well: three rounds of polling and a minute."""
    return 3 * max(mailbox.imap.poll for mailbox in config.all_mailboxes) + timedelta(minutes=1)


def ages(session: Session, now: datetime) -> Mapping[str, float]:
    """Seconds since the last poll and since the last arrival, for /metrics; infinite where there was none yet."""
    marks = Marks(session)
    last = {"poll": marks.at("polled"), "arrival": _last_arrival(session, marks)}
    return {f"seconds_since_{name}": (now - at).total_seconds() if at else float("inf") for name, at in last.items()}


def watch(session: Session, office: Office, started_at: datetime, trouble: str, now: datetime, desk_trouble: str = "") -> int:
    """One look at polls, arrivals, the self-test and the way to the desk. Returns how many notices were queued.

    `started_at` (aware): since when this process runs; `trouble`: the code of what keeps it from the mailbox, empty if nothing does;
    `desk_trouble`: the same of Slack.
    """
    look = Look.at(session, office, now)
    if look.marks.at("since") is None:
        look.marks.put("since", now)
    return _watch_polls(look, started_at, trouble) + _watch_arrivals(look) + _watch_self_test(look) + _watch_desk(look, desk_trouble)


class Marks:
    """The moments that outlive a process."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def at(self, name: str) -> datetime | None:
        """The moment (aware); None where it never came, or is over."""
        value = self._session.scalar(select(Mark.value).where(Mark.name == f"watch:{name}"))
        return datetime.fromisoformat(value) if value else None

    def put(self, name: str, at: datetime | None) -> None:
        """Whether it is there or not: two workers may write the first value at the same moment."""
        insert = postgresql_insert if self._session.get_bind().dialect.name == "postgresql" else sqlite_insert
        value = at.isoformat() if at else ""
        statement = insert(Mark).values(name=f"watch:{name}", value=value)
        self._session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


@dataclass(frozen=True, slots=True)
class Look:
    """What one look sees everything by. An incident is a mark that holds its start."""

    session: Session
    office: Office
    marks: Marks
    now: datetime

    @classmethod
    def at(cls, session: Session, office: Office, now: datetime) -> "Look":
        """With the marks of this database."""
        return cls(session, office, Marks(session), now)

    def alarm(self, incident: str, since: datetime, words: str, *, by_mail: bool = False) -> int:
        """Tell it, unless it goes on already."""
        if self.marks.at(incident) is not None:
            return 0
        self.marks.put(incident, since)
        return self._tell(f"watchdog:{incident}:{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", words, by_mail=by_mail)

    def all_clear(self, incident: str, words: str, *, by_mail: bool = False) -> int:
        """Tell that it is over, if it ever began."""
        if (since := self.marks.at(incident)) is None:
            return 0
        self.marks.put(incident, None)
        return self._tell(f"watchdog:{incident}:{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}:well", words, by_mail=by_mail)

    def clock(self, at: datetime) -> str:
        """`23 Nov, 10:00` where the organisation is."""
        return f"{at.astimezone(self.office.config.organisation.time_zone):%d %b, %H:%M}"

    def _tell(self, key: str, words: str, *, by_mail: bool) -> int:
        """To the desk; where there is none, or it is the desk that can't be reached, to the managers; and to the log in any case."""
        log.warning("watchdog: %s", words)
        if self.office.has_slack and not by_mail:
            return queue_desk_line(self.session, self.office, key, f":satellite_antenna: {words}", self.now)
        letter, managers = watchdog(words), dict.fromkeys(self.office.config.escalation.managers)
        return sum(
            queue_staff_letter(self.session, self.office, f"{key}:{number}", "watchdog", letter, manager, self.now)
            for number, manager in enumerate(managers)
        )


def _watch_polls(look: Look, started_at: datetime, trouble: str) -> int:
    """A mailbox that works by fits and starts is one incident: it is well again only when it was so for a while."""
    last = look.marks.at("polled") or look.marks.at("since") or look.now
    silence, rules = look.now - last, look.office.config.watchdog
    fresh = silence <= fresh_for(look.office.config)
    if look.marks.at("no-poll") is None:
        # a bot that was down for an hour gets the time for its first poll before anybody is alarmed
        overdue = not fresh and silence > rules.no_poll_for and look.now - started_at >= _FIRST_POLL_TAKES
        why = trouble or "no answer"
        words = f"The privacy mailbox could not be looked into since {look.clock(last)} ({why}). Mail waits there while legal periods run."
        return look.alarm("no-poll", last, words) if overdue else 0
    well_since = look.marks.at("well-since") or look.now
    look.marks.put("well-since", well_since if fresh else None)
    if not fresh or look.now - well_since < min(rules.no_poll_for, _LONGEST_PROOF):
        return 0
    look.marks.put("well-since", None)
    return look.all_clear("no-poll", f"The privacy mailbox is looked into again, since {look.clock(well_since)}.")


def _watch_arrivals(look: Look) -> int:
    """Silence counts from the last mail, or from the first start: an imported backlog is no sign of life."""
    arrived, since = _last_arrival(look.session, look.marks), look.marks.at("since") or look.now
    if arrived is not None:
        look.marks.put("arrived", arrived)  # the mail itself may be purged before the time is over
    last = max(arrived or since, since)
    if (incident := look.marks.at("nothing-arrived")) is not None:
        return look.all_clear("nothing-arrived", f"Mail arrives again, since {look.clock(last)}.") if last > incident else 0
    polled = look.marks.at("polled") or _NEVER
    can_tell = look.now - polled <= fresh_for(look.office.config)  # else the mail may lie there unseen
    if not can_tell or look.now - last <= look.office.config.watchdog.nothing_arrived_for:
        return 0
    days = (look.now - last).days
    words = f"Nothing has arrived in the privacy mailbox since {look.clock(last)} ({days} days). Please send it a mail and see it come."
    return look.alarm("nothing-arrived", last, words)


def _last_arrival(session: Session, marks: Marks) -> datetime | None:
    """When the newest mail that we did not write ourselves came in."""
    others = Message.direction == Direction.IN, Message.source == "mail", Message.kind != "own"
    newest = session.scalar(select(Message.received_at).where(*others).order_by(Message.received_at.desc()).limit(1))
    return max(filter(None, (newest, marks.at("arrived"))), default=None)


def _watch_self_test(look: Look) -> int:
    """Each day one mail by our own SMTP to our own mailbox; whoever reads this in the journal of a provider may know what it is."""
    if (at := look.office.config.watchdog.self_test) is None:
        look.marks.put("self-test", None)
        return 0
    local = look.now.astimezone(look.office.config.organisation.time_zone)
    if local.time() >= at:
        _queue_self_test(look, local.date())
        day = local.date()
    else:
        day = local.date() - timedelta(days=1)
    sent = look.session.scalar(select(Notice).where(Notice.key == _self_test_key(day)))
    return _await_self_test(look, sent) if sent is not None else 0


def _queue_self_test(look: Look, day: date) -> None:
    office, key = look.office, _self_test_key(day)
    letter = self_test(office.self_test_token(day))
    payload = letter_payload(letter, Addressee(office.config.mailbox.address), office.message_id(key.replace(":", "-")), office)
    payload["loop"] = office.self_test_token(day)  # else it would be just one of our letters come back
    queue(look.session, Notice.queue(key, Carrier.MAIL, "self-test", payload, look.now))


def _self_test_key(day: date) -> str:
    return f"self-test:{day}"


def _await_self_test(look: Look, sent: Notice) -> int:
    came = select(Message.received_at).where(Message.rule == "self_test", Message.received_at > sent.created_at - _CLOCKS_DIFFER)
    back = look.session.scalar(came.limit(1))
    if back is not None:
        return look.all_clear("self-test", f"The self-test mail of {look.clock(sent.created_at)} came back; mail goes out and comes in.")
    # a mailbox that can't be looked into is told of already, and hides the mail that has come back
    if look.now - sent.created_at <= BACK_WITHIN or look.marks.at("no-poll") is not None:
        return 0
    gone = sent.state == NoticeState.SENT
    why = "the mail server took it, but it did not arrive" if gone else f"the mail server has not taken it ({sent.error or 'no answer'})"
    words = f"The self-test mail of {look.clock(sent.created_at)} did not come back within 30 minutes: {why}."
    return look.alarm("self-test", sent.created_at, words)


def _watch_desk(look: Look, trouble: str) -> int:
    """The desk can't hear that nothing reaches it, so the managers do: of a token that is refused at once, of all else when it lasts."""
    if not trouble:
        look.marks.put("desk-since", None)
        return look.all_clear("desk-out", "Slack takes cards and reminders again; what waited is being sent.", by_mail=True)
    since = look.marks.at("desk-since") or look.now
    look.marks.put("desk-since", since)
    if trouble not in _REFUSED and look.now - since < look.office.config.watchdog.no_poll_for:
        return 0
    words = f"The desk in Slack can't be reached since {look.clock(since)} ({trouble}). Cards and reminders wait while legal periods run."
    return look.alarm("desk-out", since, words, by_mail=True)
