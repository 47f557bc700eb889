"""Returned letters: RFC 3464 reports, the older formats without a standard, and which of our letters came back.

The verdict weighs who seems to write against what the mail shows, and wants both: a server says little that nobody else says, and a person
may quote, paste or forward all that a server ever wrote.
"""

import re

from bot.inquiry import Inquiry
from bot.reading.headers import message_ids
from bot.reading.mime import read_fields
from bot.robots import senders, signs
from bot.robots.bounce_text import (
    Trace,
    bare_subject,
    begins_in_own_words,
    has_bounce_subject,
    has_report_part,
    is_only_a_warning,
    is_passed_on,
    names_a_failed_address,
    names_an_address,
    traces,
)
from bot.robots.bounce_words import CERTAIN_SUBJECTS, REJECTED
from bot.robots.robot_words import even

__all__ = [
    "bounced_message_ids", "is_delivery_report", "is_failed_recipients_notice", "is_old_bounce", "is_only_a_warning", "is_rejection",
]  # fmt: skip

_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_MESSAGE_ID_LINE = re.compile(r"^[> \t]{0,10}message-id:\s{0,3}(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
_SENT_BY_A_SERVICE = re.compile(r'"(?:notificationType|eventType)"\s{0,5}:\s{0,5}"(?:Bounce|Delivery|DeliveryDelay|Reject)"')

_NOTICE_FIELDS = ("x-failed-recipients", "x-ms-exchange-message-is-ndr", "x-mx-bounce", "x-bounce-notification")  # some come empty
_TELLING = {Trace.SUBJECT, Trace.REPORT_PART, Trace.REPORT_FIELDS, Trace.RETURNED_COPY, Trace.FAILED_ADDRESS}
_SHOWN = _TELLING - {Trace.SUBJECT}
_WORDS = {Trace.NOTICE, Trace.STATUS_CODE}


def is_delivery_report(inquiry: Inquiry) -> bool:
    """RFC 3464: a report of type delivery-status, or a status part in a mail of another type that a server seems to have written."""
    if signs.report_type(inquiry) in {"delivery-status", "delivery status", "delivery_status"}:
        return True
    from_server = senders.is_daemon(inquiry) or senders.is_server(inquiry) or _has_machine_envelope(inquiry) or has_bounce_subject(inquiry)
    return has_report_part(inquiry) and from_server and not is_passed_on(inquiry)


def is_rejection(inquiry: Inquiry) -> bool:
    """A Sieve script turned the letter down (RFC 5429 section 2.2), in a report that looks like a receipt of reading."""
    is_receipt = signs.report_type(inquiry).startswith("disposition-notification")
    return is_receipt and any(words in even(inquiry.body[:2_000]) for words in REJECTED)


def is_failed_recipients_notice(inquiry: Inquiry) -> bool:
    """Exim's way: X-Failed-Recipients, from a mail server or without an envelope sender."""
    from_server = senders.is_daemon(inquiry) or senders.is_server(inquiry) or _has_machine_envelope(inquiry)
    return signs.has(inquiry, "x-failed-recipients") and (from_server or has_bounce_subject(inquiry))


def is_old_bounce(inquiry: Inquiry) -> bool:
    """A bounce in one of the formats from before the standard, or one that lost its marks on the way."""
    if _tells_of_an_event(inquiry):
        return True
    if senders.is_daemon(inquiry):
        return _is_servers_letter(inquiry)
    if senders.is_server(inquiry):
        return _is_letter_of_a_role(inquiry)
    if _has_machine_envelope(inquiry):
        return _looks_returned(inquiry)
    return _is_unmarked_bounce(inquiry)


def _has_machine_envelope(inquiry: Inquiry) -> bool:
    """Somebody without an address sent it, as servers do (RFC 5321 section 4.5.5); or it says that it is automatic, or a report."""
    return (
        signs.has_null_return_path(inquiry)
        or not inquiry.sender.address
        or bool(signs.auto_submitted(inquiry) - {"auto-forwarded"})
        or any(name in inquiry.headers for name in _NOTICE_FIELDS)
        or inquiry.media_type == "multipart/report"
    )


def _is_servers_letter(inquiry: Inquiry) -> bool:
    """From a mailer-daemon anything that tells of a delivery is a bounce, and whatever has an envelope as bounces have."""
    return _has_machine_envelope(inquiry) or bool(traces(inquiry)) or names_a_failed_address(inquiry)


def _is_letter_of_a_role(inquiry: Inquiry) -> bool:
    """A postmaster may be a person with a request, even one who shows what a server said: it takes two traces, one of them telling."""
    if is_passed_on(inquiry):
        return False
    found = traces(inquiry)
    if len(found & (_TELLING | _WORDS)) < 2 and names_a_failed_address(inquiry):
        found.add(Trace.FAILED_ADDRESS)
    machine = _has_machine_envelope(inquiry)
    about_it = bool(found & {Trace.SUBJECT, Trace.BEGINNING}) or {Trace.SUBJECT_WORD, Trace.OPENING} <= found
    if not machine and not found & _SHOWN and not _says_enough(inquiry, found):
        return False
    return bool(found & _TELLING) and len(found & (_TELLING | _WORDS)) + machine > 1 and (about_it or machine)


def _says_enough(inquiry: Inquiry, found: set[Trace]) -> bool:
    """Words alone: whoever is on duty may write of a trouble with our server, and admin@ is how small firms are called."""
    certain = senders.is_role(inquiry) or bare_subject(inquiry).startswith(CERTAIN_SUBJECTS)
    said = [Trace.OPENING in found, Trace.STATUS_CODE in found, names_an_address(inquiry)]
    return sum(said) > 1 or (certain and Trace.OPENING in found)


def _looks_returned(inquiry: Inquiry) -> bool:
    """Any sender, but an envelope as servers have it: the subject has to be a bounce's, or the mail to open like one and hold the rest."""
    if is_passed_on(inquiry):
        return False
    found = traces(inquiry)
    if Trace.SUBJECT in found:
        return len(found & (_TELLING | _WORDS)) > 1 or names_a_failed_address(inquiry)
    opens_like_one = bool(found & {Trace.BEGINNING, Trace.OPENING}) and bool(signs.auto_submitted(inquiry) or not inquiry.sender.address)
    return opens_like_one and len(found & (_TELLING | _WORDS)) > 2


def _is_unmarked_bounce(inquiry: Inquiry) -> bool:
    """Nothing in the header but the subject: then the mail opens as servers do, with code or fields, and the returned letter below."""
    if not has_bounce_subject(inquiry):
        return False
    found = traces(inquiry)
    if not found & {Trace.BEGINNING, Trace.OPENING} or begins_in_own_words(inquiry):
        return False
    if Trace.RETURNED_COPY not in found and names_a_failed_address(inquiry):
        found.add(Trace.RETURNED_COPY)
    if Trace.BEGINNING in found and bare_subject(inquiry).startswith(CERTAIN_SUBJECTS):
        return bool(found & {Trace.STATUS_CODE, Trace.REPORT_FIELDS, Trace.RETURNED_COPY})
    return bool(found & {Trace.STATUS_CODE, Trace.REPORT_FIELDS}) and Trace.RETURNED_COPY in found


def _tells_of_an_event(inquiry: Inquiry) -> bool:
    """A sending service's notice in JSON (Amazon SES through SNS)."""
    return inquiry.body.lstrip()[:1] == "{" and _SENT_BY_A_SERVICE.search(inquiry.body[:4_000]) is not None


def bounced_message_ids(inquiry: Inquiry) -> tuple[str, ...]:
    """Message-IDs of the letters a bounce is about, most certain first: of the returned letter, then of the thread.

    Anyone can write a bounce: believe it only for ids that we sent.
    """
    returned = [file.content[:64_000] for file in inquiry.attachments if file.media_type in _RETURNED]
    found = [value for content in returned for value in read_fields(content)[0].get("message-id", ())]
    ids = [one for value in found for one in message_ids(value)]
    return tuple(dict.fromkeys((*ids, *_MESSAGE_ID_LINE.findall(inquiry.body), *inquiry.thread_ids)))
