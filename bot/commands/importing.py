"""The import commands: a backlog of old mail is filed with its true dates, quietly, and as often as one likes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import backlog
from bot.accounts import accounts
from bot.app import App
from bot.clerk import ticket_by_reference
from bot.commands.backlog import Importer, Wishes
from bot.config import Config, EscalationConfig
from bot.config_file import ConfigError, Secrets
from bot.inquiry import Inquiry
from bot.intake import Filed, Filing, file_inquiry
from bot.mail_config import ImapConfig
from bot.mail_folder import MailFolder
from bot.mailbox import Mail, MailboxError
from bot.notation import day
from bot.notices import queue_card, queue_desk_line
from bot.office import Office
from bot.paging import URGENT
from bot.screening import Decision, Verdict
from bot.unread import UNREAD
from intents.classifier import Prediction
from models import Notice

_FAILED = "failed"
_SUMMARY = (*(filing.value for filing in Filing if filing not in (Filing.EDITED, Filing.DELETED)), _FAILED)  # mails don't change
_CARD_EVERY = timedelta(seconds=3)
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Dated:
    """A mail that was read, and the rule by which its date was found; no mail where it could not be read."""

    mail: Mail | None
    rule: str


class QuietApp(App):
    """The app without its voice: no cards, no pages, and letters only if wished; with a dry run, without a memory too."""

    def __init__(self, config: Config, secrets: Secrets, wishes: Wishes) -> None:
        self._wishes = wishes
        self.opened: list[str] = []
        self.urgent: list[str] = []
        self._tried: set[str] = set()
        letters = config.automatic_mail.model_copy(update={"oldest": timedelta.max if wishes.acknowledge else config.automatic_mail.oldest})
        quiet = {"slack": None, "escalation": EscalationConfig(), "calendar": None, "automatic_mail": letters, "webhooks": ()}
        super().__init__(config.model_copy(update=quiet), secrets)
        self.loud = replace(self.office, config=config)
        self.on_filed = self._note

    def import_mail(self, mail: Mail, rule: str) -> Filing:
        """File it; by which rule its date was found stands in the journal."""
        filed = self.file_mail(mail)
        if filed.filing in (Filing.OPENED, Filing.HELD) and not self._wishes.dry_run:
            self.read(lambda session: _journal(session, self, filed, rule))
        return filed.filing

    def _judge(self, inquiry: Inquiry) -> tuple[Inquiry, Verdict, Prediction]:
        own = self.office.config.own_addresses
        if inquiry.sender.address in own and not any(to.address in own for to in inquiry.recipients):
            return inquiry, Verdict(Decision.IGNORE, False, "sent_item", "own"), UNREAD  # what a colleague answered from the mailbox
        inquiry, verdict, prediction = super()._judge(inquiry)
        if self._wishes.acknowledge or verdict.decision is not Decision.ACCEPT:
            return inquiry, verdict, prediction
        return inquiry, replace(verdict, acknowledge=False, rule=f"imported: {verdict.rule}"), prediction

    def _record(self, inquiry: Inquiry, verdict: Verdict, prediction: Prediction) -> Filed:
        if not self._wishes.dry_run:
            return super()._record(inquiry, verdict, prediction)
        filed: Filed = self.read(lambda session: self._try_out(session, inquiry, verdict, prediction))
        return filed

    def _try_out(self, session: Session, inquiry: Inquiry, verdict: Verdict, prediction: Prediction) -> Filed:
        filed = file_inquiry(session, self.office, inquiry, verdict, prediction, self.clock())
        session.rollback()
        again = inquiry.external_id in self._tried
        self._tried.add(inquiry.external_id)
        return Filed(Filing.KNOWN) if again else filed

    def _note(self, _: Inquiry, prediction: Prediction | None, filed: Filed) -> None:
        if filed.filing in (Filing.OPENED, Filing.HELD) and filed.reference:
            self.opened.append(filed.reference)
            if prediction and not URGENT.isdisjoint(prediction.intents):
                self.urgent.append(filed.reference)


class FromTheTerminal(Importer):
    """Each command reads its places before anything is filed, so that a slip of the pen costs nothing."""

    def __init__(self, config: Config, secrets: Secrets, wishes: Wishes) -> None:
        self._config, self._secrets, self._wishes = config, secrets, wishes
        self._since = _since(wishes.since, config)
        self._counts: Counter[str] = Counter()
        self._rules: Counter[str] = Counter()
        self._left_out = 0
        self._login = accounts(config, secrets)[0].imap

    def mbox(self, files: Sequence[Path]) -> bool:
        """True when each mail could be read. Raises ConfigError, SchemaError."""
        return self._local([backlog.Mbox(file) for file in files])

    def maildir(self, folders: Sequence[Path]) -> bool:
        """True when each mail could be read. Raises ConfigError, SchemaError."""
        return self._local([backlog.Maildir(folder) for folder in folders])

    def folder(self, names: Sequence[str]) -> bool:
        """True when each mail could be read. Raises ConfigError, MailboxError, SchemaError."""
        imap = self._config.mailbox.imap
        with _bad_input(), _at(imap):
            for name in names:
                _closed_after_look(MailFolder(imap, self._login, name))
        with self._filing() as app, _at(imap):
            for name in names:
                folder = MailFolder(imap, self._login, name)
                try:
                    lying = [one for one in folder.index() if self._is_wanted(one.received_at)]
                    mails = (Dated(folder.read(one, imap.largest_mail), backlog.BY_SERVER) for one in lying)
                    self._file(app, mails, len(lying))
                finally:
                    folder.close()
        return not self._counts[_FAILED]

    def _local(self, stores: Sequence[backlog.Mbox | backlog.Maildir]) -> bool:
        with _bad_input():
            for store in stores:
                store.check()
        with self._filing() as app:
            with _bad_input():
                found = [old for old in backlog.in_order(stores, app.clock()) if self._is_wanted(old.received_at)]
            self._file(app, map(self._read, found), len(found))
        return not self._counts[_FAILED]

    def _read(self, old: backlog.Old) -> Dated:
        try:
            raw, too_large = backlog.read(old, self._config.mailbox.imap.largest_mail)
        except OSError as error:
            Console(stderr=True).print(f"{old.file}: can't be read ({error.strerror})", markup=False, highlight=False)
            return Dated(None, old.rule)
        return Dated(Mail(0, old.received_at, raw, too_large=too_large), old.rule)

    def _is_wanted(self, received_at: datetime) -> bool:
        wanted = self._since is None or received_at >= self._since
        self._left_out += not wanted
        return wanted

    @contextmanager
    def _filing(self) -> Iterator[QuietApp]:
        """The summary comes whatever happens: what was filed until then is filed."""
        app = QuietApp(self._config, self._secrets, self._wishes)
        try:
            yield app
        finally:
            print(self._summary())
            if not self._wishes.dry_run and app.opened:
                app.read(lambda session: _tell(session, app, self._wishes.cards))
            app.close()

    def _file(self, app: QuietApp, mails: Iterable[Dated], number: int) -> None:
        with _progress(quiet=self._wishes.quiet) as bar:
            for one in bar.track(mails, total=number, description="importing"):
                if one.mail is None:
                    self._counts[_FAILED] += 1
                    continue
                self._counts[app.import_mail(one.mail, one.rule).value] += 1
                self._rules[one.rule] += 1

    def _summary(self) -> str:
        counted = ", ".join(f"{self._counts[name]} {name}" for name in _SUMMARY)
        lines = [f"{'Tried, nothing was filed: ' if self._wishes.dry_run else ''}{sum(self._counts.values())} mails: {counted}"]
        if self._rules:
            lines.append("Received dates: " + ", ".join(f"{number} by {rule}" for rule, number in self._rules.most_common()))
        if self._left_out:
            lines.append(f"Left out, received before {self._wishes.since}: {self._left_out}")
        return "\n".join(lines)


def _tell(session: Session, app: QuietApp, cards: bool) -> None:
    """One line to the desk instead of hundreds; cards, if wished, one after the other."""
    now, office = app.clock(), app.loud
    line = _line(app.opened, app.urgent, cards=cards)
    queue_desk_line(session, office, f"import:{app.opened[0]}:{now:%Y-%m-%dT%H:%M:%S.%f}", line, now)
    for number, reference in enumerate(app.opened if cards else ()):
        _queue_card(session, office, reference, now, number * _CARD_EVERY)


def _line(opened: Sequence[str], urgent: Sequence[str], *, cards: bool) -> str:
    number = f"{len(opened)} ticket{'s were' if len(opened) != 1 else ' was'} opened from a backlog of old mail"
    more = f" and {len(urgent) - _NAMED} more" if len(urgent) > _NAMED else ""
    first = f" Breach reports or letters of authorities among them: {', '.join(urgent[:_NAMED])}{more}." if urgent else ""
    how = "Their cards follow one by one." if cards else "`/privacy list` shows them; *View* brings a ticket's card here."
    return f":inbox_tray: {number}.{first} {how}"


def _queue_card(session: Session, office: Office, reference: str, now: datetime, after: timedelta) -> None:
    ticket = ticket_by_reference(session, reference)
    if ticket is None or office.config.slack is None:
        return
    queue_card(session, office, ticket, now)
    session.flush()
    notice = session.scalars(select(Notice).where(Notice.key == f"card:{reference}:v{ticket.card_version}")).one()
    notice.due_at = now + after


def _journal(session: Session, app: App, filed: Filed, rule: str) -> None:
    ticket = ticket_by_reference(session, filed.reference or "")
    if ticket is not None:
        ticket.record("imported", "cli", app.clock(), received_by=rule)


def _since(written: str, config: Config) -> datetime | None:
    if not written:
        return None
    try:
        return datetime.combine(day(written), time(), config.organisation.time_zone)
    except ValueError as error:
        raise ConfigError(f"--since: {error}") from None


@contextmanager
def _at(imap: ImapConfig) -> Iterator[None]:
    """What goes wrong on the line is told with the server's place."""
    try:
        yield
    except MailboxError as error:
        raise MailboxError(f"the mailbox at {imap.host}:{imap.port} can't be used now: {error}") from None


def _closed_after_look(folder: MailFolder) -> None:
    try:
        folder.index()
    finally:
        folder.close()


@contextmanager
def _bad_input() -> Iterator[None]:
    try:
        yield
    except (backlog.NoMailbox, LookupError) as error:
        raise ConfigError(str(error.args[0])) from None
    except OSError as error:
        raise ConfigError(f"{error.filename}: can't be read ({error.strerror})") from None


def _progress(*, quiet: bool) -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
