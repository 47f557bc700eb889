"""Returned letters: RFC 3464 reports, the older formats without a standard, and which of our letters came back."""

import logging
import re
from email.message import Message

from flufl.bounce import all_failures

from bot.inquiry import Inquiry
from bot.reading.headers import message_ids
from bot.reading.mime import read_fields
from bot.robots import signs
from bot.robots.robot_words import BOUNCE_SUBJECTS

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs exceptions with what it was reading

MAX_SCANNED_LINES = 2_000
MAX_SCANNED_LINE = 500
_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_MESSAGE_ID_LINE = re.compile(r"^[> \t]{0,10}message-id:\s{0,3}(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)


def has_bounce_subject(inquiry: Inquiry) -> bool:
    """The subject begins as mail servers write it above a letter that comes back."""
    return inquiry.subject.casefold().startswith(BOUNCE_SUBJECTS)


def is_delivery_report(inquiry: Inquiry) -> bool:
    """RFC 3464: a report of type delivery-status."""
    return signs.report_type(inquiry) in {"delivery-status", "delivery status"}


def is_failed_recipients_notice(inquiry: Inquiry) -> bool:
    """Exim's way: X-Failed-Recipients, from a mail server or without an envelope sender."""
    from_server = signs.is_role(inquiry) or signs.has_null_return_path(inquiry) or bool(signs.auto_submitted(inquiry))
    return signs.has(inquiry, "x-failed-recipients") and from_server


def is_old_bounce(inquiry: Inquiry) -> bool:
    """A bounce in one of the formats from before the standard; looked for only where a mail server seems to write.

    A person may quote a bounce, also in a mail without an envelope sender, so there its subject has to be a bounce's too.
    """
    if signs.is_role(inquiry):
        return _names_a_failed_address(inquiry) or (has_bounce_subject(inquiry) and signs.has_null_return_path(inquiry))
    suspicious = (signs.has_null_return_path(inquiry) or not inquiry.sender.address) and has_bounce_subject(inquiry)
    return suspicious and _names_a_failed_address(inquiry)


def is_server_notice(inquiry: Inquiry) -> bool:
    """From a mailer-daemon and marked as automatic or as a bounce in one more way."""
    marked = signs.has_null_return_path(inquiry) or bool(signs.auto_submitted(inquiry)) or has_bounce_subject(inquiry)
    return signs.is_daemon(inquiry) and marked


def _names_a_failed_address(inquiry: Inquiry) -> bool:
    """What flufl.bounce finds in the text, shortened first: its patterns were not made for hostile lines."""
    mail = Message()
    for name in ("from", "subject", "x-failed-recipients", "x-mailer"):
        if value := inquiry.header(name):
            mail[name] = " ".join(value.split())[:MAX_SCANNED_LINE]
    lines = inquiry.body.split("\n", MAX_SCANNED_LINES)[:MAX_SCANNED_LINES]
    mail.set_payload("\n".join(line[:MAX_SCANNED_LINE] for line in lines).encode("ascii", "replace").decode("ascii"))
    try:
        temporary, permanent = all_failures(mail)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):  # its detectors differ in what they take for granted
        return False
    return bool(temporary or permanent)


def bounced_message_ids(inquiry: Inquiry) -> tuple[str, ...]:
    """Message-IDs of the letters a bounce is about, most certain first: of the returned letter, then of the thread.

    Anyone can write a bounce: believe it only for ids that we sent.
    """
    returned = [file.content[:64_000] for file in inquiry.attachments if file.media_type in _RETURNED]
    found = [value for content in returned for value in read_fields(content)[0].get("message-id", ())]
    ids = [one for value in found for one in message_ids(value)]
    return tuple(dict.fromkeys((*ids, *_MESSAGE_ID_LINE.findall(inquiry.body), *inquiry.thread_ids)))
