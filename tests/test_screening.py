"""Screening: robots are ignored, people never; a doubt costs the acknowledgement only."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest

from bot.asking.agents import behalf
from bot.inquiry import Inquiry
from bot.parsing import parse_email, parse_slack
from bot.screening import RULES, Decision, Policy, bounced_message_ids, screen

MAILS = Path(__file__).parent / "mail"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example", loop_tokens_valid=lambda token: token == "right-token")

UNANSWERED = {
    "no_from_no_date": "no_sender",
    "list": "mailing_list",
    "web_form": "no_reply_sender",
    "from_own_address": "own_sender",
}
ANSWERED = sorted({path.stem.removeprefix("person_") for path in MAILS.glob("person_*.eml")} - set(UNANSWERED))
ROBOTS = {
    "own_letter": ("own_loop_token", "own"),
    "vacation": ("auto_replied", "auto_reply"),
    "exchange_away": ("auto_reply_subject", "auto_reply"),
    "bare_away_in_thread": ("auto_reply_subject", "auto_reply"),
    "old_autoresponder": ("auto_reply_field", "auto_reply"),
    "precedence_auto_reply": ("auto_reply_field", "auto_reply"),
    "dsn": ("delivery_report", "bounce"),
    "arf": ("feedback_report", "feedback_report"),
    "receipt": ("read_receipt", "auto_reply"),
    "qmail_bounce": ("old_bounce", "bounce"),
    "exim_bounce": ("failed_recipients", "bounce"),
}


def mail(name: str) -> Inquiry:
    return parse_email((MAILS / f"{name}.eml").read_bytes(), NOW)


def plain(extra: str = "", sender: str = "jana@example.org", subject: str = "My data", to: str = "privacy@acme.example",
          text: str = "Erase my data.") -> Inquiry:  # fmt: skip
    return parse_email(f"From: {sender}\nTo: {to}\nSubject: {subject}\n{extra}\n\n{text}\n".encode(), NOW)


@pytest.mark.parametrize("name", ANSWERED)
def test_a_person_is_accepted_and_answered(name: str) -> None:
    verdict = screen(mail(f"person_{name}"), POLICY)
    assert (verdict.decision, verdict.acknowledge, verdict.rule) == (Decision.ACCEPT, True, "person")


@pytest.mark.parametrize(("name", "rule"), UNANSWERED.items())
def test_a_person_in_doubt_is_accepted_and_not_answered(name: str, rule: str) -> None:
    verdict = screen(mail(f"person_{name}"), POLICY)
    assert (verdict.decision, verdict.acknowledge, verdict.rule) == (Decision.ACCEPT, False, rule)


@pytest.mark.parametrize(("name", "rule", "kind"), [(name, *expected) for name, expected in ROBOTS.items()])
def test_a_robot_is_ignored(name: str, rule: str, kind: str) -> None:
    verdict = screen(mail(f"robot_{name}"), POLICY)
    assert (verdict.decision, verdict.acknowledge, verdict.rule, verdict.kind) == (Decision.IGNORE, False, rule, kind)


def test_every_mail_of_the_collection_is_in_a_table() -> None:
    listed = {f"person_{name}" for name in (*ANSWERED, *UNANSWERED)} | {f"robot_{name}" for name in ROBOTS}
    assert {path.stem for path in MAILS.glob("*.eml")} == listed


@pytest.mark.parametrize("path", sorted(MAILS.glob("person/*.eml")), ids=lambda path: path.stem)
def test_a_person_who_looks_a_little_like_a_robot_is_answered(path: Path) -> None:
    verdict = screen(parse_email(path.read_bytes(), NOW), POLICY)
    assert (verdict.decision, verdict.acknowledge, verdict.kind) == (Decision.ACCEPT, True, "person")


@pytest.mark.parametrize("name", ["dsn", "qmail_bounce", "exim_bounce"])
def test_a_bounce_names_the_letter_that_came_back(name: str) -> None:
    assert bounced_message_ids(mail(f"robot_{name}"))[0] == "<ack.1@acme.example>"


def test_a_forged_loop_token_proves_nothing() -> None:
    assert screen(plain("X-Privacybot-Loop: wrong-token"), POLICY).rule == "person"
    assert screen(plain("X-Privacybot-Loop: right-token"), POLICY).kind == "own"


@pytest.mark.parametrize(
    ("field", "decision"),
    [
        ("Auto-Submitted: no", Decision.ACCEPT),
        ("Auto-Submitted: NO; owner=x", Decision.ACCEPT),
        ("Auto-Submitted: (machine) auto-replied", Decision.IGNORE),
        ("Auto-Submitted: no\nAuto-Submitted: auto-replied", Decision.IGNORE),
        ("Auto-Submitted: auto-generated", Decision.ACCEPT),
        ("X-Autoreply: no", Decision.ACCEPT),
        ("X-Autoreply: yes", Decision.IGNORE),
        ("X-POST-MessageClass: 9; Autoresponder", Decision.IGNORE),
        ("Delivered-To: autoresponder@example.org", Decision.IGNORE),
    ],
)
def test_marks_are_read_as_their_standards_say(field: str, decision: Decision) -> None:
    assert screen(plain(field), POLICY).decision is decision


WEAK = {
    "suppressed": "X-Auto-Response-Suppress: All",
    "no envelope sender": "Return-Path: <>",
    "precedence": "Precedence: bulk",
    "mail tool": "List-Unsubscribe: <https://tool.example/u>\nFeedback-ID: 1:tool",
    "loop field": "X-Loop: jana@example.org",
}


@pytest.mark.parametrize("field", [*WEAK.values(), "X-Auto-Response-Suppress: DR, RN", "X-Auto-Response-Suppress: NRN, OOF"])
def test_one_weak_sign_costs_nobody_the_answer(field: str) -> None:
    assert screen(plain(field), POLICY).acknowledge


@pytest.mark.parametrize(("first", "second"), list(combinations(WEAK, 2)))
def test_two_weak_signs_cost_the_answer_and_never_the_mail(first: str, second: str) -> None:
    verdict = screen(plain(f"{WEAK[first]}\n{WEAK[second]}", text="Good day."), POLICY)
    assert (verdict.decision, verdict.acknowledge) == (Decision.ACCEPT, False)
    assert verdict.rule == ("bulk_mail" if {first, second} == {"precedence", "mail tool"} else "doubtful")


def test_mail_addressed_elsewhere_and_doubtful_in_one_more_way_is_not_answered() -> None:
    elsewhere = plain("Precedence: bulk", to="info@other.example", text="Good day.")
    assert screen(elsewhere, POLICY).rule == "doubtful"
    unknown = Policy(frozenset(), "")
    assert screen(elsewhere, unknown).acknowledge, "who does not know its own address can't judge"


@pytest.mark.parametrize("sender", ["list-bounces@lists.example", "owner-list@lists.example", "majordomo@lists.example"])
def test_a_list_program_is_a_list_without_an_answer(sender: str) -> None:
    verdict = screen(plain(sender=sender, subject="Your message to Street awaits moderator approval"), POLICY)
    assert (verdict.decision, verdict.acknowledge, verdict.kind) == (Decision.ACCEPT, False, "list")


def test_a_list_asks_to_confirm_a_subscription() -> None:
    verdict = screen(plain(sender="street-request@lists.example", subject="confirm 3a5f0c0b3a5f"), POLICY)
    assert (verdict.acknowledge, verdict.kind) == (False, "list")


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your letter",
        "[External] Out of Office",
        "Abwesenheitsnotiz: Anfrage",
        "Automatyczna odpowiedź: x",
        "Poissaoloilmoitus: x",
    ],
)
def test_an_away_subject_counts_only_beside_another_sign(subject: str) -> None:
    assert screen(plain(subject=subject), POLICY).rule == "person"
    assert screen(plain("Return-Path: <>", subject=subject), POLICY).decision is Decision.IGNORE
    assert screen(plain("In-Reply-To: <x.1@acme.example>", subject=subject), POLICY).decision is Decision.IGNORE
    assert screen(plain("In-Reply-To: <x.1@elsewhere.example>", subject=subject), POLICY).rule == "person"


def test_a_reply_to_an_automatic_letter_of_ours_is_a_person() -> None:
    answer = plain("In-Reply-To: <x.1@acme.example>", subject="Re: Automatic reply: we have your message")
    assert screen(answer, POLICY).rule == "person"


@pytest.mark.parametrize(
    "sender", ["no-reply@shop.example", "do_not.reply+7@shop.example", "ne-pas-repondre@shop.example", "nichtantworten@shop.example"]
)
def test_nobody_answers_a_mailbox_nobody_reads(sender: str) -> None:
    assert screen(plain(sender=sender), POLICY).rule == "no_reply_sender"


def test_our_address_is_known_with_a_tag_and_in_copy() -> None:
    assert screen(plain(to="Acme <Privacy+web@acme.example>"), POLICY).acknowledge
    assert screen(plain("Cc: privacy@acme.example", to="info@other.example"), POLICY).acknowledge
    assert screen(plain("Delivered-To: privacy@acme.example", to="info@other.example"), POLICY).acknowledge


def test_what_nobody_could_read_is_held() -> None:
    unreadable = replace(plain(), problems=("unreadable: ValueError",), text="", body="")
    assert (screen(unreadable, POLICY).decision, screen(unreadable, POLICY).acknowledge) == (Decision.HOLD, False)
    half = replace(plain(), problems=("unreadable part",))
    assert screen(half, POLICY).decision is Decision.ACCEPT


def test_slack_is_always_accepted() -> None:
    inquiry = parse_slack({"text": "from jana@example.org: erase me", "channel": "C1", "ts": "1.2", "user": "U1"}, NOW)
    assert (screen(inquiry, POLICY).decision, screen(inquiry, POLICY).rule) == (Decision.ACCEPT, "slack_message")


def test_rule_names_are_unique_and_the_last_always_applies() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert RULES[-1].applies(plain(), POLICY)


def test_the_company_web_form_that_writes_as_us_is_not_lost() -> None:
    assert screen(plain("Auto-Submitted: auto-generated", sender="privacy@acme.example"), POLICY).decision is Decision.ACCEPT


def test_a_group_that_is_our_mailbox_is_known_by_its_sender_field_too() -> None:
    group = "List-Id: <privacy.acme.onmicrosoft.com>\nPrecedence: list"
    assert screen(plain(f"{group}\nSender: privacy@acme.example"), POLICY).acknowledge
    assert screen(plain(f"{group}\nSender: privacy@other.example"), POLICY).rule == "mailing_list"


@pytest.mark.parametrize(
    "text", ["View this email in your browser", "Im Browser ansehen", "Voir dans le navigateur", "Update your preferences"]
)
def test_a_mail_tool_and_the_words_of_a_newsletter_are_two_signs_and_each_alone_is_none(text: str) -> None:
    def found(headers: str) -> str:
        raw = f"From: a@example.org\nTo: privacy@acme.example\nSubject: x\n{headers}\n\nOur offers.\n\n{text}\n"
        return screen(parse_email(raw.encode(), NOW), POLICY).rule

    assert found(WEAK["mail tool"]) == "bulk_mail"
    assert found("X-Mailer: y") == "person"


@pytest.mark.parametrize(
    "text",
    [
        "Message: I am on holiday until 5 May, please contact me by phone. Erase my data.",
        "Nachricht: Ich bin bis zum 5. Mai im Urlaub, danach wieder erreichbar. Bitte löschen Sie meine Daten.",
        "Message : Je suis en vacances jusqu'au 5 mai. Merci de me contacter au sujet de mes données.",
        'Message: You wrote "your request has been received, ticket number 5512". Respond as soon as possible and delete my account.',
        "Message: my mail could not be delivered: 550 5.1.1 user unknown. Please give me access to my data. jana@example.org",
    ],
)
@pytest.mark.parametrize("subject", ["Contact form", "Delivery problem", "Request received"])
@pytest.mark.parametrize("field", ["Auto-Submitted: auto-generated", "Return-Path: <>", "Precedence: bulk"])
def test_who_asks_for_something_of_their_own_is_never_put_aside_for_words_alone(text: str, subject: str, field: str) -> None:
    raw = f"From: Form <form@forms.example>\nTo: privacy@acme.example\nSubject: {subject}\n{field}\n\n{text}\n"
    verdict = screen(parse_email(raw.encode(), NOW), POLICY)
    assert (verdict.decision, verdict.kind) == (Decision.ACCEPT, "person")


def test_a_bounce_that_repeats_the_subject_of_somebodys_request_is_one_all_the_same() -> None:
    text = "Your message\n\n  Subject: Re: Delete my data\n\nwas not delivered to:\n\n  jana@example.org\n\nbecause: user unknown"
    raw = f"From: Postmaster@x.example\nTo: privacy@acme.example\nSubject: DELIVERY FAILURE: User unknown\n\n{text}\n"
    assert screen(parse_email(raw.encode(), NOW), POLICY).kind == "bounce"


@pytest.mark.parametrize("text", [
    "Please send me a copy of my data.", "We write on behalf of Jane Doe and request that you delete all personal data of our client.",
])  # fmt: skip
def test_a_letter_sent_by_a_mail_tool_that_asks_for_somebody_is_no_mailing(text: str) -> None:
    """Deletion services and firms send single letters by the tools that newsletters go by."""
    fields = "Precedence: bulk\nList-Unsubscribe: <mailto:u@agent.example>\nFeedback-ID: 5:ses"
    inquiry = plain(fields, sender="requests@agent.example", text=text)
    assert screen(replace(inquiry, behalf=behalf(inquiry)), POLICY).acknowledge
    assert screen(plain(fields, text="Our lamps are cheaper this week."), POLICY).rule == "bulk_mail"
