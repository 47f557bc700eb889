"""Screening: an ordered table of small named rules says what becomes of an inquiry and whether answering it by itself is safe.

Ignored is only what certainly no person wrote and what asks nothing. Everything else is accepted; a doubt costs the automatic
acknowledgement, never the mail.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.inquiry import Inquiry, Source
from bot.robots import askers, auto_replies, bounces, feedback, senders, signs, spam
from bot.robots.bounces import bounced_message_ids

__all__ = ["RULES", "Decision", "Policy", "Rule", "Verdict", "bounced_message_ids", "screen"]

_OUR_REFERENCE = re.compile(r"\bPRV-\d{4}-\d{5,9}\b", re.IGNORECASE)
SELF_TEST_SUBJECT = re.compile(r"(?:\[[^\[\]]{1,30}\] ?)?privacybot self-test (\d{4}-\d\d-\d\d\.[0-9a-f]{16})")
"""Of the watchdog's mail; a gateway may have put `[EXTERNAL]` before it, but an answer to it ("Re: ...") is a person's."""


class Decision(StrEnum):
    """What becomes of an inquiry."""

    ACCEPT = "accept"
    IGNORE = "ignore"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, whether an acknowledgement may go out, and the name of the rule that said so.

    `kind` is one of person, auto_reply, bounce, feedback_report, list, own.
    """

    decision: Decision
    acknowledge: bool
    rule: str
    kind: str


def _no_token(_token: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Policy:
    """What screening must know of ourselves: our mailboxes, the domain of our Message-IDs, and the mark in our own letters."""

    own_addresses: frozenset[str]
    own_message_domain: str
    loop_header: str = "X-Privacybot-Loop"
    loop_tokens_valid: Callable[[str], bool] = _no_token
    self_test_tokens_valid: Callable[[str], bool] = _no_token

    def is_own(self, address: str) -> bool:
        """One of our mailboxes, a plus-tag behind its name not counted (RFC 5233)."""
        local, _, domain = address.rpartition("@")
        return address in self.own_addresses or f"{local.partition('+')[0]}@{domain}" in self.own_addresses

    def is_own_domain(self, domain: str) -> bool:
        """The domain of one of our mailboxes or of our Message-IDs."""
        return bool(domain) and (domain == self.own_message_domain or any(own.endswith(f"@{domain}") for own in self.own_addresses))


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: when it applies, this is the verdict."""

    name: str
    decision: Decision
    acknowledge: bool
    kind: str
    applies: Callable[[Inquiry, Policy], bool]

    @property
    def verdict(self) -> Verdict:
        """The verdict of this rule."""
        return Verdict(self.decision, self.acknowledge, self.name, self.kind)


def _is_unreadable(inquiry: Inquiry, _policy: Policy) -> bool:
    """The reader gave up, or no word of a mail with broken parts could be read."""
    gave_up = any(problem.startswith("unreadable:") for problem in inquiry.problems)
    return gave_up or ("unreadable part" in inquiry.problems and not inquiry.body.strip())


def _has_own_loop_token(inquiry: Inquiry, policy: Policy) -> bool:
    return any(policy.loop_tokens_valid(value.strip()) for value in inquiry.headers.get(policy.loop_header.lower(), ()))


def _is_self_test(inquiry: Inquiry, policy: Policy) -> bool:
    """The watchdog's daily mail, known by its token in our own header, or in the subject where a relay takes foreign headers away."""
    tokens = [value.strip() for value in inquiry.headers.get(policy.loop_header.lower(), ())]
    if (titled := SELF_TEST_SUBJECT.fullmatch(inquiry.subject)) is not None:
        tokens.append(titled[1])
    return any(policy.self_test_tokens_valid(token) for token in tokens)


def _is_away_message(inquiry: Inquiry, policy: Policy) -> bool:
    domain = policy.own_message_domain.lower()
    answers_us = bool(domain) and any(_domain(message_id) == domain for message_id in inquiry.thread_ids)
    answers_us = answers_us or bool(_OUR_REFERENCE.search(inquiry.subject))  # some machines keep the subject and lose the ids
    if not auto_replies.is_away_message(inquiry, answers_us=answers_us):
        return False
    titled = auto_replies.has_automatic_subject(inquiry) and (answers_us or auto_replies.is_marked_as_machine(inquiry))
    return titled or not askers.asks_for_own(inquiry)


def _is_receipt_of_a_desk(inquiry: Inquiry, policy: Policy) -> bool:
    """Not from our own house: the web form there may well say in one mail that it has a request and what the request is."""
    return not policy.is_own_domain(inquiry.sender.domain) and auto_replies.is_receipt_of_a_desk(inquiry)


def _sounds_like_machine(inquiry: Inquiry, policy: Policy) -> bool:
    """Not from our own house either, for the same reason."""
    return not policy.is_own_domain(inquiry.sender.domain) and auto_replies.sounds_like_machine(inquiry)


def _domain(message_id: str) -> str:
    return message_id.strip("<>").rpartition("@")[2].lower()


def _is_list_mail(inquiry: Inquiry, policy: Policy) -> bool:
    return signs.has(inquiry, *signs.LIST_FIELDS) and not _came_by_our_group(inquiry, policy)


def _is_bulk(inquiry: Inquiry, policy: Policy) -> bool:
    return len(_bulk_doubts(inquiry, policy)) > 1


def _is_doubtful(inquiry: Inquiry, policy: Policy) -> bool:
    bulk, others = _bulk_doubts(inquiry, policy), _other_doubts(inquiry, policy)
    return len(bulk | others) > 1


def _bulk_doubts(inquiry: Inquiry, policy: Policy) -> set[str]:
    """Single signs of a mailing to many. The fields of mail tools count once together: a tool writes all of them or none.

    Deletion services send by such tools, and a letter for somebody is no mailing.
    """
    if inquiry.behalf is not None or askers.asks_for_own(inquiry):
        return set()
    words = signs.precedence(inquiry) & {"bulk", "junk", "list"}
    doubts = {
        "precedence": bool(words - {"list"} if _came_by_our_group(inquiry, policy) else words),
        "mail tool": signs.has(inquiry, *signs.TOOL_FIELDS) and not _came_by_our_group(inquiry, policy),
        "campaign sender": senders.is_campaign(inquiry),
        "newsletter words": signs.has_newsletter_words(inquiry),
    }
    return {name for name, applies in doubts.items() if applies}


def _other_doubts(inquiry: Inquiry, policy: Policy) -> set[str]:
    doubts = {
        "no answer wanted": signs.asks_for_no_answer(inquiry),
        "no envelope sender": signs.has_null_return_path(inquiry),
        "loop field": signs.has(inquiry, *signs.LOOP_FIELDS),
        "role": senders.is_role(inquiry),
        "away subject": auto_replies.has_automatic_subject(inquiry),
        "addressed elsewhere": _is_addressed_elsewhere(inquiry, policy),
    }
    return {name for name, applies in doubts.items() if applies}


def _came_by_our_group(inquiry: Inquiry, policy: Policy) -> bool:
    """Our mailbox may itself be a mail group, which writes its List- fields into every letter."""
    if any(policy.is_own(value.rpartition("<")[2].strip(" >")) for value in signs.values(inquiry, "sender")):
        return True  # Microsoft 365 names the group there, and in List-Id by the tenant's other domain
    own = {f"<{address.replace('@', '.')}>" for address in policy.own_addresses} | {
        f"<mailto:{address}>" for address in policy.own_addresses
    }
    named = signs.values(inquiry, "list-id", "list-post")
    return any(mark in value for value in named for mark in own)


def _is_addressed_elsewhere(inquiry: Inquiry, policy: Policy) -> bool:
    """Others are named as recipients and we are not. A pure blind copy names nobody: that is how one person writes to many firms."""
    known = bool(policy.own_addresses and inquiry.recipients)
    return known and not any(policy.is_own(recipient.address) for recipient in inquiry.recipients)


def _is_old_bounce(inquiry: Inquiry, _policy: Policy) -> bool:
    return bounces.is_old_bounce(inquiry) and (senders.is_daemon(inquiry) or not askers.asks_for_own(inquiry))


def _unless_asking(applies: Callable[[Inquiry, Policy], bool]) -> Callable[[Inquiry, Policy], bool]:
    return lambda inquiry, policy: applies(inquiry, policy) and not askers.asks_for_own(inquiry)


def _ignore(name: str, kind: str, applies: Callable[[Inquiry, Policy], bool]) -> Rule:
    return Rule(name, Decision.IGNORE, False, kind, applies)


def _unanswered(name: str, applies: Callable[[Inquiry, Policy], bool], kind: str = "person") -> Rule:
    return Rule(name, Decision.ACCEPT, False, kind, applies)


RULES: tuple[Rule, ...] = (
    Rule("slack_message", Decision.ACCEPT, True, "person", lambda inquiry, _: inquiry.source is Source.SLACK),
    # our own letter, come back to us as it is; our address alone proves nothing: colleagues and the firm's web form use it
    _ignore("own_loop_token", "own", _has_own_loop_token),
    _ignore("self_test", "own", _is_self_test),
    # machines that report on a letter; complaints first, for they may be dressed as delivery reports
    _ignore("feedback_report", "feedback_report", lambda inquiry, _: feedback.is_feedback_report(inquiry)),  # RFC 5965, 7489, 8460
    _ignore("rejection", "bounce", lambda inquiry, _: bounces.is_rejection(inquiry)),  # RFC 5429, dressed as a receipt
    _ignore("delivery_report", "bounce", lambda inquiry, _: bounces.is_delivery_report(inquiry)),  # RFC 3464
    _ignore("read_receipt", "auto_reply", lambda inquiry, _: auto_replies.is_receipt_of_reading(inquiry)),  # RFC 8098
    _ignore("failed_recipients", "bounce", lambda inquiry, _: bounces.is_failed_recipients_notice(inquiry)),
    _ignore("old_bounce", "bounce", _is_old_bounce),
    _ignore("machine_report", "auto_reply", lambda inquiry, _: bool(signs.report_type(inquiry))),
    # answering machines: by a field that only they write, else by two signs that do not depend on one another
    _ignore("auto_replied", "auto_reply", lambda inquiry, _: "auto-replied" in signs.auto_submitted(inquiry)),  # RFC 3834
    _ignore("auto_reply_field", "auto_reply", lambda inquiry, _: signs.has_auto_reply_field(inquiry)),
    _ignore("calendar_reply", "auto_reply", lambda inquiry, _: auto_replies.is_calendar_reply(inquiry)),  # RFC 5546
    # (words alone never put aside who asks for something of their own: web forms bear the fields of machines)
    _ignore("auto_reply_subject", "auto_reply", _is_away_message),
    _ignore("challenge", "auto_reply", _unless_asking(lambda inquiry, _: auto_replies.is_challenge(inquiry))),
    _ignore("desk_receipt", "auto_reply", _unless_asking(_is_receipt_of_a_desk)),
    # what nobody could read waits for a person
    Rule("unreadable", Decision.HOLD, False, "person", _is_unreadable),
    # people, perhaps, whom an answer can't reach or must not: each of these alone is enough, for an answer would come back to us,
    # go to a program or to a list full of strangers, or break RFC 3834 section 2 to its letter
    _unanswered("no_sender", lambda inquiry, _: not inquiry.sender.address),
    _unanswered("own_sender", lambda inquiry, policy: policy.is_own(inquiry.sender.address)),
    _unanswered("role_sender", lambda inquiry, _: senders.is_daemon(inquiry)),
    _unanswered("list_program", lambda inquiry, _: auto_replies.is_list_notice(inquiry), kind="list"),
    _unanswered("no_reply_sender", lambda inquiry, _: senders.is_no_reply(inquiry)),
    _unanswered("auto_generated", lambda inquiry, _: bool(signs.auto_submitted(inquiry) - {"auto-forwarded"})),  # may be a web form
    _unanswered("mailing_list", _is_list_mail, kind="list"),
    _unanswered("spam_score", lambda inquiry, _: spam.has_spam_score(inquiry)),
    # Single signs that people's letters bear as well: Exchange suppresses answers to shared mailboxes, deletion services use mail tools,
    # gateways empty the envelope, a small firm writes from postmaster@, a forwarder leaves X-Loop. One must not cost a person the answer:
    # a loop it might open ends at the limit for one sender (`automatic_mail`), at our empty envelope sender or at our loop token. Two do.
    _unanswered("bulk_mail", _is_bulk, kind="list"),
    _unanswered("machine_words", _unless_asking(_sounds_like_machine), kind="auto_reply"),
    _unanswered("doubtful", _is_doubtful),
    Rule("person", Decision.ACCEPT, True, "person", lambda _inquiry, _policy: True),
)


def screen(inquiry: Inquiry, policy: Policy) -> Verdict:
    """The verdict of the first rule that applies; the last one always does."""
    return next(rule.verdict for rule in RULES if rule.applies(inquiry, policy))
