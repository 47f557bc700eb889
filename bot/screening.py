"""Screening: an ordered table of small named rules says what becomes of an inquiry and whether answering it by itself is safe.

Ignored is only what certainly no person wrote and what asks nothing. Everything else is accepted; a doubt costs the automatic
acknowledgement, never the mail.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.inquiry import Inquiry, Source
from bot.robots import signs
from bot.robots.bounces import bounced_message_ids, is_delivery_report, is_failed_recipients_notice, is_old_bounce, is_server_notice

__all__ = ["RULES", "Decision", "Policy", "Rule", "Verdict", "bounced_message_ids", "screen"]

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


def _is_auto_reply_by_subject(inquiry: Inquiry, policy: Policy) -> bool:
    """The subject of an answering machine and one more sign; a person may well write about an "Automatic reply"."""
    answers_us = any(_domain(message_id) == policy.own_message_domain.lower() for message_id in inquiry.thread_ids)
    return signs.has_automatic_subject(inquiry) and (
        answers_us
        or bool(signs.auto_submitted(inquiry))
        or signs.asks_for_no_answer(inquiry)
        or signs.has_null_return_path(inquiry)
        or signs.is_no_reply(inquiry)
        or bool(signs.precedence(inquiry) & {"bulk", "junk"})
    )


def _domain(message_id: str) -> str:
    return message_id.strip("<>").rpartition("@")[2].lower()


def _is_list_mail(inquiry: Inquiry, policy: Policy) -> bool:
    return signs.has(inquiry, *signs.LIST_FIELDS) and not _came_by_our_group(inquiry, policy)


def _is_bulk(inquiry: Inquiry, policy: Policy) -> bool:
    words = signs.precedence(inquiry) & {"bulk", "junk", "list"}
    return bool(words - {"list"} if _came_by_our_group(inquiry, policy) else words)


def _came_by_our_group(inquiry: Inquiry, policy: Policy) -> bool:
    """Our mailbox may itself be a mail group, which writes its List- fields into every letter."""
    own = {f"<{address.replace('@', '.')}>" for address in policy.own_addresses} | {
        f"<mailto:{address}>" for address in policy.own_addresses
    }
    named = signs.values(inquiry, "list-id", "list-post")
    return any(mark in value for value in named for mark in own)


def _is_addressed_elsewhere(inquiry: Inquiry, policy: Policy) -> bool:
    """Others are named as recipients and we are not. A pure blind copy names nobody: that is how one person writes to many firms."""
    return bool(inquiry.recipients) and not any(policy.is_own(recipient.address) for recipient in inquiry.recipients)


def _ignore(name: str, kind: str, applies: Callable[[Inquiry, Policy], bool]) -> Rule:
    return Rule(name, Decision.IGNORE, False, kind, applies)


def _unanswered(name: str, applies: Callable[[Inquiry, Policy], bool], kind: str = "person") -> Rule:
    return Rule(name, Decision.ACCEPT, False, kind, applies)


RULES: tuple[Rule, ...] = (
    Rule("slack_message", Decision.ACCEPT, True, "person", lambda inquiry, _: inquiry.source is Source.SLACK),
    # our own letter, come back to us as it is; our address alone proves nothing: colleagues and the firm's web form use it
    _ignore("own_loop_token", "own", _has_own_loop_token),
    _ignore("self_test", "own", _is_self_test),
    # machines that report on a letter
    _ignore("delivery_report", "bounce", lambda inquiry, _: is_delivery_report(inquiry)),
    _ignore("feedback_report", "feedback_report", lambda inquiry, _: signs.report_type(inquiry) == "feedback-report"),  # RFC 5965
    _ignore("read_receipt", "auto_reply", lambda inquiry, _: signs.report_type(inquiry) == "disposition-notification"),  # RFC 8098
    _ignore("failed_recipients", "bounce", lambda inquiry, _: is_failed_recipients_notice(inquiry)),
    _ignore("old_bounce", "bounce", lambda inquiry, _: is_old_bounce(inquiry)),
    _ignore("server_notice", "bounce", lambda inquiry, _: is_server_notice(inquiry)),
    _ignore("machine_report", "auto_reply", lambda inquiry, _: bool(signs.report_type(inquiry))),
    # answering machines
    _ignore("auto_replied", "auto_reply", lambda inquiry, _: "auto-replied" in signs.auto_submitted(inquiry)),  # RFC 3834
    _ignore("auto_reply_field", "auto_reply", lambda inquiry, _: signs.has_auto_reply_field(inquiry)),
    _ignore("auto_reply_subject", "auto_reply", _is_auto_reply_by_subject),
    # what nobody could read waits for a person
    Rule("unreadable", Decision.HOLD, False, "person", _is_unreadable),
    # people, perhaps, whom answering might harm: a loop, a list full of strangers, a mailbox nobody reads
    _unanswered("no_sender", lambda inquiry, _: not inquiry.sender.address),
    _unanswered("own_sender", lambda inquiry, policy: policy.is_own(inquiry.sender.address)),
    _unanswered("role_sender", lambda inquiry, _: signs.is_role(inquiry)),
    _unanswered("no_reply_sender", lambda inquiry, _: signs.is_no_reply(inquiry)),
    _unanswered("auto_generated", lambda inquiry, _: bool(signs.auto_submitted(inquiry) - {"auto-forwarded"})),  # may be a web form
    _unanswered("mailing_list", _is_list_mail, kind="list"),
    _unanswered("bulk_precedence", _is_bulk, kind="list"),
    _unanswered("campaign", lambda inquiry, _: signs.has(inquiry, *signs.CAMPAIGN_FIELDS), kind="list"),
    _unanswered("response_suppressed", lambda inquiry, _: signs.asks_for_no_answer(inquiry)),
    _unanswered("null_return_path", lambda inquiry, _: signs.has_null_return_path(inquiry)),
    _unanswered("loop_field", lambda inquiry, _: signs.has(inquiry, *signs.LOOP_FIELDS)),
    _unanswered("addressed_elsewhere", _is_addressed_elsewhere),
    Rule("person", Decision.ACCEPT, True, "person", lambda _inquiry, _policy: True),
)


def screen(inquiry: Inquiry, policy: Policy) -> Verdict:
    """The verdict of the first rule that applies; the last one always does."""
    return next(rule.verdict for rule in RULES if rule.applies(inquiry, policy))
