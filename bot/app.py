"""App: the composition root; wires the rooms, opens the transactions, owns the only now()."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from bot import desk, register
from bot.accounts import InDatabase, accounts
from bot.calendar_feed import CalendarFile, draw, due_dates
from bot.config import Config
from bot.config_file import Secrets
from bot.day_turn import turn_cards
from bot.digest import Digest
from bot.drawing import draw as draw_charts
from bot.edition import Edition, edition
from bot.figures import figures
from bot.letter_templates import letters_of
from bot.mailbox import Mailbox
from bot.notices import queue_card, queue_desk_line
from bot.office import Office, organisation_of
from bot.outbox import Courier, Outbox
from bot.policy_files import read_policy
from bot.reception import Reception
from bot.recount import recount
from bot.reminders import queue_due
from bot.reported_ids import remember_reported_id
from bot.retention import purge
from bot.smtp import MailCourier
from bot.sorting import Sorter
from bot.undelivered import letter_failed
from bot.unsubscribing import event_refused, suppression_passed_on
from bot.verbs import LOOKS, VERBS
from bot.watchdog import note_poll, watch
from bot.webhook_courier import WebhookCourier
from bot.webhook_watch import watch_webhooks
from bot.webhooks import tell_what_is_due_soon
from bot.weekly import HANDLER_NAME, due_digest, queue_edition
from intents.classifier import Classifier
from models import Carrier, Mark, Vault, open_engine
from models.base import snapshot_of
from models.schema import SchemaError, explain, upgrade

log = logging.getLogger("privacybot")

_NOTE_POLLS_EVERY = timedelta(seconds=30)
_BREATH_SECONDS = 0.1  # SQLite's waiting writers look every tenth of a second whether it is their turn


def now() -> datetime:
    """The one place where the time is looked up."""
    return datetime.now(UTC)


class App(Reception):
    """The bot without its threads: every way in ends in one of these methods, each opens its own transaction."""

    def __init__(self, config: Config, secrets: Secrets, couriers: Mapping[Carrier, Courier] | None = None,
                 clock: Callable[[], datetime] = now, lease: timedelta = timedelta(minutes=5)) -> None:  # fmt: skip
        """Opens and upgrades the database, loads the model.

        Raises ConfigError (a policy file), LetterError, SchemaError, VaultError, ModelError.
        """
        letters, vault = letters_of(organisation_of(config), config.letters.folder), Vault(secrets.key)
        self.config = config
        self.engine = open_engine(secrets.database_url or config.database, vault)
        upgrade(self.engine)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        classifier = Classifier.load(config.model)
        office = Office(config, letters, vault, read_policy(config.policy.files, classifier.gist))
        super().__init__(office, classifier, clock)
        self.accounts = accounts(config, secrets, lambda name, token: InDatabase(self._remember, self.office.vault, name, token))
        self._couriers: dict[Carrier, Courier] = {Carrier.MAIL: MailCourier(self.accounts, config.organisation, self.office.vault.digest)}
        self._couriers |= couriers or {}
        self._outbox = Outbox(self._sessions, self._couriers, _worker_name(), letter_failed(self.office), lease, remember_reported_id)
        self._receivers = {
            name: Outbox(self._sessions, {Carrier.WEBHOOK: WebhookCourier(receiver, secrets.webhooks.get(name, ""), clock)}, _worker_name(),
                         event_refused(self.office), lease, suppression_passed_on(self.office), kind=name)
            for name, receiver in config.receivers.items()
        }  # fmt: skip
        self.last_poll: datetime | None = None
        self._sorter = Sorter(self._remember, self.file_mail, self.tell_desk, clock)
        self._started = self._poll_noted = clock()
        self._names: dict[str, str] = {}
        self._calendar = CalendarFile(config.calendar.file) if config.calendar else None
        self._recounted = False

    # -- in ---------------------------------------------------------------------------------------------------------

    def take_mail(self, mailbox: Mailbox) -> int:
        """File one batch, then move it out of INBOX: only after the commit. Returns how many mails it was.

        Raises MailboxError, SchemaError.
        """
        taken = self._sorter.take(mailbox)
        self._note_poll()
        return taken

    def _note_poll(self) -> None:
        """Only now is it a good one: what lay there is filed. Of several mailboxes, the one that has waited longest counts."""
        looks = [self._sorter.last_looks.get(account.mailbox.name) for account in self.accounts]
        if None in looks:
            return
        last, self.last_poll = self.last_poll, min(look for look in looks if look)
        if last is None or self.last_poll - self._poll_noted >= _NOTE_POLLS_EVERY:
            self._poll_noted = self.last_poll
            with self._sessions.begin() as session:
                note_poll(session, self.last_poll)

    # -- the desk ---------------------------------------------------------------------------------------------------

    def act(self, verb: str, reference: str, user: str, **arguments: Any) -> None:
        """Do one thing to a ticket for a colleague. Raises desk.Refused with what to tell them."""
        try:
            with self._sessions.begin() as session:
                VERBS[verb](session, self.office, reference, f"slack:{user}", self.clock(), arguments)
        except DBAPIError as error:
            raise desk.Refused(f"That did not work: {explain(error)}. Please try again.") from None
        self.poke()

    def look(self, reference: str, user: str) -> Mapping[str, Any]:
        """A ticket for the eyes of one colleague; that they looked is journalled. Raises desk.Refused."""
        with self._sessions.begin() as session:
            ticket = desk.note(session, reference, f"slack:{user}", self.clock())
            if not ticket.card_version:  # imported without a card: now somebody wants to work on it
                queue_card(session, self.office, ticket, self.clock())
            return register.whole(self.office, ticket)

    def show(self, what: str, user: str, **arguments: Any) -> Any:
        """Answer a colleague's question that changes no ticket: one of verbs.LOOKS. Raises desk.Refused with what to tell them."""
        with self._sessions.begin() as session:
            return LOOKS[what](session, self.office, f"slack:{user}", self.clock(), arguments)

    def tickets(self, which: str, user: str, argument: str) -> Sequence[Mapping[str, Any]]:
        """The facts of many tickets, the most urgent first. Raises desk.Refused."""
        with self._sessions.begin() as session:
            return register.find(session, self.office, which, user, argument, self.clock())

    def meet(self, user: str, name: str) -> None:
        """Remember what a colleague is called; asked of the database once per process and person."""
        if name and self._names.get(user) != name:
            self.mark(HANDLER_NAME + user, name[:80])
            self._names[user] = name

    # -- the clock only pokes ---------------------------------------------------------------------------------------

    def remind(self) -> int:
        """Queue the reminders, and once a week the digest, that are due now; the first time, after a recount. The calendar follows."""
        try:
            if not self._recounted:
                self.recount()
        finally:  # whatever is wrong with the recount, the reminders go out
            queued = self._queue_due()
        self.write_calendar()
        return queued

    def _queue_due(self) -> int:
        with self._sessions.begin() as session:
            queued = queue_due(session, self.office, self.clock()) + tell_what_is_due_soon(session, self.office, self.clock())
        with self._sessions.begin() as session:  # of its own: the sweep holds requests that a colleague, who holds a ticket, may want
            turned = turn_cards(session, self.office, self.clock())
        digest = self.read(lambda session: due_digest(session, self.office, self.clock()))
        queued += self.send_digest(self.edition(digest)) if digest is not None else 0
        if queued or turned:
            self.poke()
        return queued

    def edition(self, digest: Digest, languages: Sequence[str] = ()) -> Edition:
        """The digest with its pictures: drawn outside any transaction, it takes seconds. For its recipients, or in `languages`."""
        rules, for_slack = self.config.digest, self.config.slack is not None and self.config.digest.slack and not languages
        return edition(digest, self.config.organisation.name, rules, draw_charts, languages, for_slack=for_slack)

    def send_digest(self, printed: Edition) -> int:
        """Queue a digest to those who have none of it yet. Returns how many notices were queued."""
        return int(self.read(lambda session: queue_edition(session, self.office, printed, self.clock())))

    def recount(self) -> None:
        """Compute open due dates anew where the clocks' table or the holidays have changed since; in batches, one transaction each."""
        last = self._recount_batch(0)
        while last:
            time.sleep(_BREATH_SECONDS)
            last = self._recount_batch(last)
        self._recounted = True
        self.poke()

    def _recount_batch(self, after: int) -> int:
        with self._sessions.begin() as session:
            return recount(session, self.office, self.clock(), after)

    def write_calendar(self) -> None:
        """Bring the calendar file up to date, where config names one; a file that can't be written is logged, not raised."""
        if self._calendar is not None:
            dates = self.read(lambda session: due_dates(session, self.office, self.clock()))
            self._calendar.keep(draw(dates))  # drawn outside the transaction: with many dates it takes seconds

    def purge(self) -> Mapping[str, int]:
        """Forget what has outlived its keeping time."""
        with self._sessions.begin() as session:
            return purge(session, self.office, self.clock())

    def deliver(self) -> int:
        """Send what waits in the outbox."""
        return self._outbox.deliver(self.clock)

    def deliver_to(self, receiver: str) -> int:
        """Send what waits for one webhook: apart from letters, cards and all others, which a slow receiver must not hold up."""
        if sent := self._receivers[receiver].deliver(self.clock):
            self.poke()  # what it took may be what a letter waited for
        return sent

    def watch(self, trouble: str, desk_trouble: str = "") -> int:
        """Tell of what keeps us from the mailbox (`trouble`), the desk (`desk_trouble`) or a webhook: codes, or empty."""
        with self._sessions.begin() as session:
            queued = watch(session, self.office, self._started, trouble, self.clock(), desk_trouble)
            queued += watch_webhooks(session, self.office, self.clock())
        self.poke()
        return queued

    def tell_desk(self, key: str, text: str) -> None:
        """A line to the desk channel, once per key."""
        with self._sessions.begin() as session:
            queue_desk_line(session, self.office, key, text, self.clock())

    def mark(self, name: str, value: str | None = None) -> str:
        """Read a small value that outlives the process; with `value`, set it."""
        with self._sessions.begin() as session:
            row = session.get(Mark, name)
            if value is not None:
                session.merge(Mark(name=name, value=value))
            return value or (row.value if row else "")

    def _remember(self, step: Callable[[Session], Any]) -> Any:
        """A step of what mail has to remember. Raises SchemaError when the database is out."""
        try:
            return self.read(step)
        except OperationalError as error:
            raise SchemaError(explain(error)) from None

    def read(self, look: Callable[[Session], Any]) -> Any:
        """Answer a question to the database, for commands that only look."""
        with self._sessions.begin() as session:
            return look(session)

    def survey(self, look: Callable[[Session], Any]) -> Any:
        """Answer a long question about one state of the database, while others go on writing."""
        with Session(snapshot_of(self.engine)) as session:
            return look(session)

    def figures(self) -> Mapping[str, float]:
        """Numbers for /metrics; `healthy` when the mailbox was looked into lately."""
        with self._sessions.begin() as session:
            return figures(session, self.config, self.last_poll, self._sorter.last_looks, self.clock())

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()


def _worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[:60]
