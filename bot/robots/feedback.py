"""Feedback reports: complaints about a mail of ours (ARF, RFC 5965, and the forms before it), DMARC and TLS reports."""

import re

from bot.inquiry import Inquiry
from bot.robots import senders, signs
from bot.robots.bounce_text import bare_subject, is_passed_on
from bot.robots.robot_words import even, phrases

_ARF_FIELD = re.compile(
    r"^(feedback-type|user-agent|version|original-mail-from|original-rcpt-to|source-ip|reported-domain|arrival-date|received-date"
    r"|abuse-type|auth-failure|report-type|reported-uri|removal-recipient|incidents|authentication-results):[ \t]",
    re.IGNORECASE | re.MULTILINE,
)
_COMPLAINT_SUBJECT = re.compile(
    r"complaint about (?:a )?(?:message|e-?mail|mail) (?:from|sent)|(?:e-?mail )?feedback report|(?:e-?mail )?abuse (?:report|complaint)"
    r"|(?:junk|spam)(?: e?-?mail)? (?:report|complaint)|client tos notification|complaint notification|fbl report|arf report"
    r"|dmarc (?:failure|forensic|ruf)|dkim failure|spf failure|authentication failure report"
)
_COMPLAINT_SENDERS = phrases("""
    staff@hotmail | scomp | feedbackloop | feedback-loop | fbl | arf@ | @arf. | abuse-report | spamreport | spam-report | junkreport | jmrp
    dmarc | complaints@email-abuse
""")
_COMPLAINT_TEXTS = phrases("""
    this is an email abuse report | this is an e-mail abuse report | this is a spam report | this is an abuse report
    abuse report for an email message | this is a spam/authentication-failure report | this is an authentication failure report
    reported as spam | marked as spam | reported the following message as | email abuse report | feedback loop | this is a dmarc
""")
_REPORT_FILE = re.compile(r"[^!\s/]{1,255}![^!\s/]{1,255}!\d{6,20}!\d{6,20}(?:![^!\s/]{1,100})?(?:\.xml|\.json)?\.(?:gz|gzip|zip|xml|json)")
_REPORT_SUBJECT = re.compile(
    r"(?:\[preview\] )?report[- ]domain:|dmarc (?:aggregate )?report|aggregate dmarc report|dmarc aggregate|tls[- ]?rpt|smtp tls report"
    r"|report-id:|tls report|your dmarc report"
)
_PACKED = frozenset(
    phrases("""
    application/gzip | application/x-gzip | application/zip | application/x-zip-compressed | application/x-zip | application/tlsrpt+gzip
    application/tlsrpt+json | text/xml | application/xml | application/octet-stream | application/json
""")
)
_SENT_BY_A_SERVICE = re.compile(r'"(?:notificationType|eventType)"\s{0,5}:\s{0,5}"Complaint"')


def is_feedback_report(inquiry: Inquiry) -> bool:
    """A mail provider tells that somebody complained of a mail, or sums up how mail in our name fared."""
    standard = signs.report_type(inquiry) in {"feedback-report", "feedback_report", "feedback"} or _has_feedback_part(inquiry)
    return standard or _is_domain_report(inquiry) or _is_complaint(inquiry)


def _has_feedback_part(inquiry: Inquiry) -> bool:
    """Its own part, not one inside a mail that is attached: those stay inside."""
    return any(file.media_type in {"message/feedback-report", "text/feedback-report"} for file in inquiry.attachments)


def _is_domain_report(inquiry: Inquiry) -> bool:
    """DMARC (RFC 7489 section 7.2) and TLS (RFC 8460) reports: by type, by field, or by two of subject, file name and sender."""
    if signs.report_type(inquiry) == "tlsrpt" or signs.has(inquiry, "tls-report-domain", "tls-report-submitter"):
        return True
    if not inquiry.attachments or is_passed_on(inquiry):
        return False
    subject = _REPORT_SUBJECT.search(even(inquiry.subject[:500])) is not None
    named = any(_REPORT_FILE.fullmatch(file.name.lower()) for file in inquiry.attachments)
    packed = any(file.media_type in _PACKED for file in inquiry.attachments)
    sender = senders.is_no_reply(inquiry) or any(word in inquiry.sender.address for word in ("dmarc", "tlsrpt", "tls-rpt", "postmaster"))
    return (subject and (named or packed)) or (named and (sender or len(inquiry.text) < 40))


def _is_complaint(inquiry: Inquiry) -> bool:
    """Complaints without the standard's parts: its fields as text, or two of subject, sender, opening words and the mail attached.

    One of the two has to be the subject or the opening: a person may well attach a mail and complain of it.
    """
    if signs.has(inquiry, "x-arf", "x-xarf", "x-hmxmroriginalrecipient", "x-spamcop-sourceip"):
        return True
    if is_passed_on(inquiry) and not _COMPLAINT_SUBJECT.match(bare_subject(inquiry)):
        return False
    beginning = inquiry.body[:3_000]
    fields = {match[1].lower() for match in _ARF_FIELD.finditer(beginning)} | _fields_in_files(inquiry)
    if "feedback-type" in fields and len(fields) > 2:
        return True
    by_service = inquiry.body.lstrip()[:1] == "{" and _SENT_BY_A_SERVICE.search(beginning) is not None
    return by_service or _is_unmarked_complaint(inquiry)


def _is_unmarked_complaint(inquiry: Inquiry) -> bool:
    subject = _COMPLAINT_SUBJECT.match(bare_subject(inquiry)) is not None
    opening = any(words in even(inquiry.body[:600]) for words in _COMPLAINT_TEXTS)
    machine = senders.is_no_reply(inquiry) or senders.is_daemon(inquiry)
    sender = machine or any(word in inquiry.sender.address for word in _COMPLAINT_SENDERS)
    attached = any(file.media_type in {"message/rfc822", "text/rfc822-headers"} for file in inquiry.attachments)
    bare = attached and not inquiry.text[:200].strip()
    return (subject and (sender or bare)) or (opening and sender and attached)


def _fields_in_files(inquiry: Inquiry) -> set[str]:
    """Some providers call the report's middle part text."""
    texts = (file.content[:3_000].decode("utf-8", "replace") for file in inquiry.attachments[:5] if file.media_type.startswith("text/"))
    return {match[1].lower() for text in texts for match in _ARF_FIELD.finditer(text)}
