"""Reception: whatever comes in is read, judged and recorded; what breaks us is held whole, and costs no other."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot import held
from bot.amending import amend, open_threads, withdraw
from bot.asking.house import house_of
from bot.asking.whom import understood, who_asks
from bot.desk import Refused
from bot.inquiry import Inquiry
from bot.intake import Filed, Filing, file_inquiry
from bot.mailbox import Mail
from bot.office import Office, screening_policy
from bot.parsing import parse_slack
from bot.posting import Post, Told, moment, read_post
from bot.screening import Decision, Verdict, screen
from bot.unread import UNREAD, keep_whole, read_mail, unread_mail, unread_post
from intents.classifier import Classifier, Prediction
from models.schema import SchemaError, explain

log = logging.getLogger("privacybot")


class Reception(ABC):
    """The half of the app that messages come in by; transactions are the app's."""

    def __init__(self, office: Office, classifier: Classifier, clock: Callable[[], datetime]) -> None:
        self.office, self.clock = office, clock
        self._classifier = classifier
        self._policy, self._house = screening_policy(office), house_of(office.config)
        self.on_filed: Callable[[Inquiry, Prediction | None, Filed], None] = lambda *_: None

    poke: Callable[[], None] = staticmethod(lambda: None)
    """Wakes the delivery; set by whoever runs it in a thread."""

    @abstractmethod
    def read(self, look: Callable[[Session], Any]) -> Any:
        """Take a step in a transaction of its own."""

    def file_mail(self, mail: Mail) -> Filed:
        """Read, screen, classify and record one mail; one that breaks us is held whole, and costs no other.

        Raises SchemaError when the database is out.
        """
        known_as: list[str] = []

        def file() -> Filed:
            inquiry = read_mail(mail.raw, mail.received_at, mail.mailbox, mail.without_text)
            known_as.append(inquiry.external_id)
            return self._file(inquiry, mail.raw)

        return self._safely(file, lambda: unread_mail(mail.raw, mail.received_at, mail.mailbox, *known_as))

    def take_in_slack(self, event: Mapping[str, Any]) -> Filed:
        """File a message of the intake channel, or follow what became of it; held like a mail when it breaks us. Raises SchemaError."""
        post = read_post(event)
        if post is None:
            return Filed(Filing.IGNORED, None, "no answer: no person's post")
        return self._safely(lambda: self._take_post(post), lambda: unread_post(post))

    def _take_post(self, post: Post) -> Filed:
        if post.told is Told.DELETED:
            return self._followed(lambda session: withdraw(session, self.office, post, self.clock()))
        inquiry = parse_slack(post.event, moment(post.event["ts"]))
        if post.told is Told.NEW:
            return self._file(inquiry, b"")
        read = self._judge(inquiry)
        return self._followed(lambda session: amend(session, self.office, *read, post.at, self.clock()))

    def _followed(self, step: Callable[[Session], Filed]) -> Filed:
        filed = self._settled(step)
        self.poke()
        return filed

    def open_threads(self, channel: str) -> Sequence[str]:
        """The threads of the intake channel in which something may still be added, by their time stamps."""
        found: Sequence[str] = self.read(lambda session: open_threads(session, self.office, channel, self.clock()))
        return found

    def _safely(self, file: Callable[[], Filed], unread: Callable[[], Inquiry]) -> Filed:
        try:
            return file()
        except SchemaError:
            raise
        except Exception as error:  # poison never stops the line: it is kept whole for a person, the error's name tells why
            reason = type(error).__name__
            log.error("a message was held: %s", reason)
        inquiry = unread()
        filed = self._record(inquiry, Verdict(Decision.HOLD, False, reason, "person"), UNREAD)
        self.on_filed(inquiry, None, filed)
        return filed

    def _file(self, inquiry: Inquiry, raw: bytes) -> Filed:
        inquiry, verdict, prediction = self._judge(inquiry)
        if verdict.decision is Decision.HOLD and raw:
            inquiry = keep_whole(inquiry, raw)
        filed = self._record(inquiry, verdict, prediction)
        self.poke()
        self.on_filed(inquiry, prediction if verdict.decision is Decision.ACCEPT else None, filed)
        return filed

    def _judge(self, inquiry: Inquiry) -> tuple[Inquiry, Verdict, Prediction]:
        inquiry = who_asks(inquiry, self._house)
        verdict = screen(inquiry, self._policy)
        return inquiry, verdict, understood(self._classifier.predict, inquiry) if verdict.decision is Decision.ACCEPT else UNREAD

    def read_again(self, one: held.Held) -> str:
        """Read a held mail with the present version. Returns what is answered. Raises Refused where it can't be read, SchemaError."""
        inquiry, verdict, prediction = self._judge(read_mail(one.raw or b"", one.received_at, one.mailbox))
        if verdict.decision is Decision.HOLD:
            raise Refused(f"{one.reference} is still held: {', '.join(inquiry.problems) or verdict.rule}.")
        return str(self.read(lambda session: held.take_up(
            session, self.office, one.number, inquiry, verdict, prediction, "cli", self.clock(),
        )))  # fmt: skip

    def _record(self, inquiry: Inquiry, verdict: Verdict, prediction: Prediction) -> Filed:
        return self._settled(lambda session: file_inquiry(session, self.office, inquiry, verdict, prediction, self.clock()))

    def _settled(self, step: Callable[[Session], Filed]) -> Filed:
        """Taken in a transaction, and once more where another worker was quicker. Raises SchemaError when the database is out."""
        for attempt in (1, 2):
            try:
                filed: Filed = self.read(step)
            except IntegrityError:
                if attempt == 2:  # the first time another worker was quicker; now its row can be seen
                    raise
            except DBAPIError as error:
                if isinstance(error, OperationalError) or error.connection_invalidated:
                    raise SchemaError(explain(error)) from None
                raise
            else:
                return filed
        raise AssertionError
