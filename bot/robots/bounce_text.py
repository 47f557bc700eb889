"""What the text of a mail shows of a returned letter; bounded work: so many lines, so many characters, patterns without backtracking."""

import logging
import re
from email.message import Message
from enum import Enum, auto

from flufl.bounce import all_failures

from bot.inquiry import Attachment, Inquiry
from bot.robots.bounce_words import DIVIDERS, NOTICES, ONLY_A_WARNING, SUBJECT_WORDS, SUBJECTS
from bot.robots.robot_words import even

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs exceptions with what it was reading

MAX_SCANNED_LINES = 600
MAX_SCANNED_LINE = 400
MAX_ATTACHED_TEXTS = 4
BEGINNING = 80  # characters; a person says something of their own before they show what a server wrote
GREETING = 25  # characters
OPENING = 400  # characters; servers may greet, name themselves and say it in three languages first

_TAG = re.compile(
    r"(?:\[[^\[\]]{1,40}\]|\{[^{}]{1,40}\}|\*{2,5}[^*]{1,40}\*{2,5}|<[^<>]{1,40}>"
    r"|(?:ticket|case|request|vorgang|anfrage)[ #:]{1,3}[a-z]{0,5}-?\d{1,20}\s?[:–-])\s{0,5}"
)
_MAILBOX = re.compile(r"[\w.+-]@[\w-]")
_ANSWERED = re.compile(r"(?:re|aw|fw|fwd|wg|tr|rv|sv|vs|antw|odp|rif|ref|doorst|vb|i)(?:\[\d{1,3}\])?\s?:")
_STATUS = re.compile(
    r"(?<![\d.])[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}(?![\d.])|#\s?[45]\.\d{1,3}\.\d{1,3}|(?<![\d.])[45]\.[0-7]\.\d{1,3}(?![\d.])"
    r"|(?<![\d.,])(?:42[12]|43[12]|44\d|45\d|50[0-4]|51\d|52\d|53\d|55\d|57\d)[ -](?:[a-z<#*.]|\d\.)|rcpt to:|smtp error|smtp;\s?[45]"
)
_FIELD = re.compile(
    r"^[ \t]{0,4}(final-recipient|original-recipient|reporting-mta|diagnostic-code|remote-mta|arrival-date|received-from-mta"
    r"|last-attempt-date|action:[ \t]{0,4}(?:failed|delayed|relayed|delivered|expanded|error)|status:[ \t]{0,4}[245]\.\d)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = re.compile(r"^[ \t]{0,4}(return-path|received|from|to|subject|date|message-id|mime-version|content-type):[ \t]", re.I | re.M)
_RULED = re.compile(r"^[ \t]{0,8}[-=_*+>#]{2,}[ \t]{0,5}(\S[^\n]{0,120})", re.MULTILINE)
_STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status", "text/delivery-status", "message/delivery_status"})
_RETURNED_PARTS = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/rfc822-headers"})


class Trace(Enum):
    """One thing in a mail that a mail server puts into a letter it returns."""

    SUBJECT = auto()
    SUBJECT_WORD = auto()
    BEGINNING = auto()
    OPENING = auto()
    NOTICE = auto()
    STATUS_CODE = auto()
    REPORT_FIELDS = auto()
    REPORT_PART = auto()
    RETURNED_COPY = auto()
    FAILED_ADDRESS = auto()


def has_bounce_subject(inquiry: Inquiry) -> bool:
    """The subject begins as mail servers write it above a letter that comes back; `Re:` and `Fwd:` before it are a person's."""
    return bare_subject(inquiry).startswith(SUBJECTS)


def bare_subject(inquiry: Inquiry) -> str:
    """The subject evened out, without the tags that lists and filters put before it."""
    subject = even(inquiry.subject[:500])
    while not subject.startswith(SUBJECTS) and (tag := _TAG.match(subject)):
        subject = subject[tag.end() :]
    return subject


def is_passed_on(inquiry: Inquiry) -> bool:
    """A person answers or forwards: `Re:`, `Fwd:`, `WG:` before the subject."""
    return _ANSWERED.match(bare_subject(inquiry)) is not None


def has_report_part(inquiry: Inquiry) -> bool:
    """A delivery status (RFC 3464) among its own parts."""
    return inquiry.media_type in _STATUS_PARTS or any(file.media_type in _STATUS_PARTS for file in inquiry.attachments)


def traces(inquiry: Inquiry) -> set[Trace]:
    """All that the subject, the text and the parts show; quoted lines are not looked at."""
    text = _scanned(inquiry)
    flat = even(text)
    shown = {
        Trace.SUBJECT: has_bounce_subject(inquiry),
        Trace.SUBJECT_WORD: any(word in bare_subject(inquiry) for word in SUBJECT_WORDS),
        Trace.BEGINNING: any(notice in flat[:BEGINNING] for notice in NOTICES) or _FIELD.search(text[:BEGINNING]) is not None,
        Trace.OPENING: any(notice in flat[:OPENING] for notice in NOTICES),
        Trace.NOTICE: any(notice in flat for notice in NOTICES),
        Trace.STATUS_CODE: _STATUS.search(flat) is not None,
        Trace.REPORT_FIELDS: len({match[1].lower()[:10] for match in _FIELD.finditer(text)}) > 1,
        Trace.REPORT_PART: has_report_part(inquiry),
        Trace.RETURNED_COPY: _holds_a_copy(inquiry, text),
    }
    return {trace for trace, seen in shown.items() if seen}


def is_only_a_warning(inquiry: Inquiry) -> bool:
    """The letter is late or has arrived, as the text says it; what a status part says goes first (`bot.threads.came_back`)."""
    flat = even(f"{inquiry.subject[:500]}\n{_scanned(inquiry)[:4_000]}")
    return any(words in flat for words in ONLY_A_WARNING)


def _scanned(inquiry: Inquiry) -> str:
    """The first lines of the text and of small text files beside it. `> ` marks what a person quotes, `>>> ` is sendmail's transcript."""
    files = [_text_of(file) for file in inquiry.attachments[:20] if file.media_type.startswith("text/") or file.media_type in _STATUS_PARTS]
    lines = "\n".join((inquiry.body[:60_000], *files[:MAX_ATTACHED_TEXTS])).split("\n", MAX_SCANNED_LINES)[:MAX_SCANNED_LINES]
    return "\n".join(line[:MAX_SCANNED_LINE] for line in lines if not line.startswith(">") or line.startswith(">>> "))


def begins_in_own_words(inquiry: Inquiry) -> bool:
    """A paragraph that no mail server writes, longer than a greeting, stands before all else: a person shows what they got."""
    paragraphs = (even(one) for one in _scanned(inquiry)[:4_000].split("\n\n"))
    first = next((one for one in paragraphs if len(one) > GREETING), "")
    return not any(notice in first for notice in NOTICES) and _FIELD.search(first) is None and _STATUS.search(first) is None


def names_an_address(inquiry: Inquiry) -> bool:
    """Some mailbox stands in the text: a server says whom it could not reach."""
    return _MAILBOX.search(_scanned(inquiry)) is not None


def _text_of(file: Attachment) -> str:
    return file.content[:16_000].decode("utf-8", "replace").replace("\r", "")


def _holds_a_copy(inquiry: Inquiry, text: str) -> bool:
    if any(file.media_type in _RETURNED_PARTS for file in inquiry.attachments):
        return True
    ruled = any(words in even(match[1]) for match in _RULED.finditer(text) for words in DIVIDERS)
    return ruled or len({match[1].lower() for match in _HEADER.finditer(text)}) > 3


def names_a_failed_address(inquiry: Inquiry) -> bool:
    """What flufl.bounce finds in the text, shortened first: its patterns were not made for hostile lines."""
    mail = Message()
    for name in ("from", "subject", "x-failed-recipients", "x-mailer"):
        if value := inquiry.header(name):
            mail[name] = " ".join(value.split())[:MAX_SCANNED_LINE]
    mail.set_payload(_scanned(inquiry).encode("ascii", "replace").decode("ascii"))
    try:
        temporary, permanent = all_failures(mail)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):  # its detectors differ in what they take for granted
        return False
    return bool(temporary or permanent)
