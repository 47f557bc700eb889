"""Cards, lists and forms: whatever outsiders write, Slack takes what we draw, nothing fires, and no more is shown than allowed."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.demo.slack_rules import check_message, message_block_problems, view_problems
from bot.slack import modals
from bot.slack.blocks import card, due_words, escape, listing
from bot.slack.change_form import change
from bot.slack.text import left_words, one_line, visible
from bot.trust import UNAUTHENTICATED
from intents.catalog import Intent

BERLIN = ZoneInfo("Europe/Berlin")
NASTY = [
    "<!channel> <!here> <!everyone>", "@here @channel", "<@U1> <#C1>", "<https://evil.example|click>", "*bold* _it_ ~no~ `code`",
    "&lt;!channel&gt;", "x" * 5_000, "", " ", "\n\n", "\u202eevil", "😀" * 3_000, "```\n<!here>\n```", ":rotating_light:",
]  # fmt: skip
ALLOWED_MARKS = re.compile(r"<@U1>|<!date\^\d+\^\{date_short\} \{time\}\|[\w :]+>")
"""What our own words may carry: the handler's name, and a time that everyone reads in their zone."""


def request(**given: Any) -> dict[str, Any]:
    facts = {
        "intent": "access", "confidence": 0.87, "outcome": None, "due_on": "2026-12-23", "due_at": None, "look_by": None, "statute": "GDPR",
    }  # fmt: skip
    return {**facts, **given}


def facts(**given: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "reference": "PRV-2026-00001", "status": "open", "regime": "eu_gdpr", "language": "en", "source": "mail", "handler": None,
        "unclear": False, "warnings": [], "received_at": "2026-11-23T09:00:00+00:00", "messages": 1, "requests": [request()],
        "id_asked": False,
        "clarification_asked": False,
    }  # fmt: skip
    return {**known, **given}


def texts(value: Any, kind: str) -> Iterator[str]:
    """Every text object of this type, at any depth."""
    if isinstance(value, Mapping):
        if value.get("type") == kind and isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from texts(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, kind)


def shown(message: Mapping[str, Any]) -> str:
    return "\n".join([*texts(message["blocks"], "mrkdwn"), *texts(message["blocks"], "plain_text")])


def fires(value: Any) -> list[str]:
    """Marks in interpreted text that are not our own."""
    return [mark for text in texts(value, "mrkdwn") for mark in re.findall(r"<[^>]*>", ALLOWED_MARKS.sub("", text))]


class TestCard:
    @pytest.mark.parametrize("nasty", NASTY)
    def test_of_any_text_is_taken_and_nothing_fires(self, nasty: str) -> None:
        drawn = card(
            facts(requester=nasty, subject=nasty, warnings=[nasty], requests=[request(evidence=nasty)], handler="U1", unclear=True), BERLIN
        )
        check_message(drawn)
        assert fires(drawn["blocks"]) == []
        assert not any(nasty in text for text in texts(drawn["blocks"], "mrkdwn") if nasty.strip())
        assert "<" not in drawn["text"]

    def test_says_that_the_sender_is_authenticated_without_alarm(self) -> None:
        drawn = shown(card(facts(authentication="sender authenticated (DMARC)"), BERLIN))
        assert "✓ sender authenticated (DMARC)" in drawn and "⚠" not in drawn and "Answer anyway" not in drawn

    def test_of_a_doubted_sender_offers_to_answer_anyway_until_a_colleague_did(self) -> None:
        doubted = facts(authentication=UNAUTHENTICATED, warnings=[UNAUTHENTICATED])
        drawn = card(doubted, BERLIN)
        check_message(drawn)
        assert "⚠ sender not authenticated" in shown(drawn) and "Answer anyway" in shown(drawn)
        settled = shown(card({**doubted, "warnings": []}, BERLIN))
        assert "authenticated" not in settled and "Answer anyway" not in settled

    def test_of_everything_at_once_is_taken(self) -> None:
        intents = [intent.value for intent in Intent]
        asked = [request(intent=intent, evidence="<!channel>" * 500) for intent in intents]
        drawn = card(facts(requests=asked, warnings=[f"warning {number}" for number in range(30)], unclear=True), BERLIN)
        assert message_block_problems(drawn["blocks"]) == []
        assert "and 5 more requests" in shown(drawn)
        assert "and 22 more warnings" in shown(drawn)

    def test_of_a_handler_with_an_odd_id_fires_nothing(self) -> None:
        drawn = card(facts(handler="U1> <!channel"), BERLIN)
        assert "<!channel" not in shown(drawn)

    @pytest.mark.parametrize("status", ["open", "in_progress", "waiting", "closed"])
    @pytest.mark.parametrize("handler", [None, "U1"])
    def test_in_each_state_is_taken(self, status: str, handler: str | None) -> None:
        outcome = "fulfilled" if status == "closed" else None
        check_message(card(facts(status=status, handler=handler, requests=[request(outcome=outcome)]), BERLIN))

    def test_asks_whose_letter_it_is_while_no_person_has_said(self) -> None:
        waiting, settled = (card(facts(sender_waits=waits), BERLIN) for waits in (True, False))
        check_message(waiting)
        assert "Confirm sender" in shown(waiting) and "Correct sender" in shown(waiting)
        assert "sender" not in shown(settled)

    def test_without_the_requester_shows_none(self) -> None:
        assert "From:" not in shown(card(facts(), BERLIN))
        assert "From: j***@home.example" in shown(card(facts(requester="j***@home.example"), BERLIN))

    def test_says_status_dates_and_confidence(self) -> None:
        words = shown(card(facts(handler="U1"), BERLIN))
        told = ("PRV-2026-00001", "Access", "due *Wed 23 Dec 2026*", "87% sure", "23 Nov 2026, 10:00 by mail", "GDPR · English", "<@U1>")
        for part in told:
            assert part in words

    def test_says_the_hour_where_the_clock_counts_hours(self) -> None:
        breach = request(intent="breach_report", due_on="2026-11-26", due_at="2026-11-26T09:00:00+00:00")
        assert "|26 Nov 2026 09:00 UTC>" in shown(card(facts(requests=[breach]), BERLIN))

    def test_says_when_to_look_where_no_date_runs(self) -> None:
        paused = request(due_on=None, look_by="2026-12-23")
        assert "no date runs by law; look at it by *23 Dec 2026*" in shown(card(facts(requests=[paused]), BERLIN))
        assert "no statutory date" in shown(card(facts(requests=[request(due_on=None)]), BERLIN))

    def test_offers_only_what_can_be_done(self) -> None:
        def offered(**given: Any) -> list[str]:
            return [button["action_id"] for button in card(facts(**given), BERLIN)["blocks"][-1]["elements"]]

        assert offered() == ["claim", "view", "change", "close", "more"]
        assert offered(handler="U1") == ["view", "change", "close", "more"]
        assert offered(status="closed") == ["view", "reopen", "more"]
        assert offered(status="closed", merged_into="PRV-2026-00002") == ["view"]

    def test_of_an_unclear_ticket_offers_the_two_likeliest_and_something_else(self) -> None:
        drawn = card(facts(unclear=True, likely=["access", "erasure"]), BERLIN)
        check_message(drawn)
        buttons = [(one["text"]["text"], one["action_id"]) for one in drawn["blocks"][-1]["elements"] if one["type"] == "button"]
        expected = [("Access", "read_as:access"), ("Erasure", "read_as:erasure"), ("Something else…", "change")]
        assert [button for button in buttons if button in expected] == expected
        assert "Something else…" not in shown(card(facts(unclear=False, likely=[]), BERLIN))

    def test_of_a_closed_ticket_takes_notes_and_nothing_else_by_its_menu(self) -> None:
        menu = card(facts(status="closed"), BERLIN)["blocks"][-1]["elements"][-1]
        assert [option["value"] for option in menu["options"]] == ["note:PRV-2026-00001"]

    def test_offers_to_reply_where_somebody_can_be_written_to(self) -> None:
        assert "Reply" in shown(card(facts(reachable=True), BERLIN))
        assert "Reply" not in shown(card(facts(reachable=False), BERLIN)) + shown(card(facts(reachable=True, status="closed"), BERLIN))

    def test_says_since_when_control_of_the_address_is_proved(self) -> None:
        drawn = card(facts(control_proved="2026-11-23T23:30:00+00:00", id_asked=True), BERLIN)
        check_message(drawn)
        assert "✓ Control of the address proved (DMARC) on 24 Nov 2026" in shown(drawn) and "Identity confirmed" in shown(drawn)

    def test_still_offers_to_confirm_the_identity_after_the_requester_wrote(self) -> None:
        """Their letter takes the ticket up again, but only a colleague ends the pause."""
        menu = card(facts(status="in_progress", handler="U1", id_asked=True), BERLIN)["blocks"][-1]["elements"][-1]
        verbs = [option["value"].partition(":")[0] for option in menu["options"]]
        assert verbs == ["id_received", "ask_clarification", "hand_over", "note", "merge", "extend", "receipt", "suppress"]

    @pytest.mark.parametrize(
        ("days", "shape", "words"),
        [(-2, "🛑", "*2 days late*"), (3, "🔶", "*3 days left*"), (7, "🟡", "*7 days left*"), (8, "📨", "8 days left")],
    )
    def test_counts_the_days_and_shows_them_by_the_shape_of_the_sign(self, days: int, shape: str, words: str) -> None:
        drawn = card(facts(requests=[request(days_left=40), request(intent="erasure", days_left=days)]), BERLIN)
        assert drawn["blocks"][0]["text"]["text"].startswith(shape)
        assert f"due *Wed 23 Dec 2026*, {words}" in shown(drawn)
        assert drawn["text"].startswith(shape) and words.strip("*") in drawn["text"]

    def test_of_what_is_done_counts_no_days(self) -> None:
        drawn = card(facts(status="closed", requests=[request(outcome="refused", days_left=-9)]), BERLIN)
        assert "late" not in shown(drawn) + drawn["text"] and drawn["blocks"][0]["text"]["text"].startswith("✅")

    def test_says_each_warning_on_a_line_of_its_own(self) -> None:
        drawn = card(facts(warnings=["first", "second\nand <!here>"]), BERLIN)
        assert "⚠ first\n⚠ second and <!here>" in list(texts(drawn["blocks"], "plain_text"))

    def test_of_nobody_knows_what_says_so(self) -> None:
        assert "Not sure what is asked" in shown(card(facts(unclear=True, requests=[request(intent="other")]), BERLIN))

    def test_shows_urgency_by_a_sign(self) -> None:
        def sign_of(**given: Any) -> str:
            title: str = card(facts(**given), BERLIN)["blocks"][0]["text"]["text"]
            return title[0]

        signs = [
            sign_of(), sign_of(unclear=True), sign_of(warnings=["held: unreadable"]), sign_of(status="closed"),
            sign_of(requests=[request(intent="authority")]), sign_of(warnings=["second letter: the same sender asked again, see PRV-1"]),
        ]  # fmt: skip
        assert signs == ["📨", "❓", "❓", "✅", "🚨", "❗"]


class TestLists:
    def test_of_many_nasty_tickets_are_taken(self) -> None:
        many = [facts(subject="<!channel>", requester="<!here>", handler="U1") for _ in range(60)]
        for drawn in (listing("Open", many), listing("Open", [])):
            assert message_block_problems(drawn) == []
            assert fires(drawn) == []

    def test_say_how_many_are_left_out(self) -> None:
        assert "and 40 more" in "".join(texts(listing("Open", [facts()] * 60), "mrkdwn"))


class TestView:
    @pytest.mark.parametrize("nasty", NASTY)
    def test_of_any_text_is_taken_and_nothing_fires(self, nasty: str) -> None:
        message = {"when": "23 Nov 2026", "direction": "received", "who": nasty, "subject": nasty, "text": nasty, "files": nasty}
        view = modals.view("PRV-2026-00001", [message] * 30)
        assert view_problems(view, "modal") == []
        assert fires(view) == []

    def test_of_a_long_mail_says_that_more_lies_in_the_mailbox(self) -> None:
        message = {"when": "now", "direction": "received", "who": "jo", "subject": "s", "text": "y" * 100_000, "files": ""}
        view = modals.view("PRV-2026-00001", [message] * 8)
        assert view_problems(view, "modal") == []
        assert any("characters more, in the mailbox" in text for text in texts(view, "plain_text"))
        assert "What came before does not fit in here; it lies in the mailbox." in texts(view, "mrkdwn")

    @pytest.mark.parametrize("letter", ["y", "ж", "😀"])
    def test_of_long_mails_stays_below_what_a_view_may_weigh(self, letter: str) -> None:
        message = {"when": "now", "direction": "received", "who": "jo", "subject": "s", "text": letter * 30_000, "files": ""}
        assert len(json.dumps(modals.view("PRV-2026-00001", [message] * 8))) < 250_000

    def test_shows_the_whole_of_an_ordinary_mail(self) -> None:
        body = "".join(f"line {number}\n" for number in range(1_000))
        message = {"when": "now", "direction": "received", "who": "jo", "subject": "s", "text": body, "files": ""}
        assert body in "".join(texts(modals.view("PRV-2026-00001", [message])["blocks"], "plain_text"))

    def test_of_no_message_is_taken(self) -> None:
        assert view_problems(modals.view("PRV-2026-00001", []), "modal") == []


class TestForms:
    @pytest.mark.parametrize("number", [1, 15])
    def test_for_closing_are_taken(self, number: int) -> None:
        requests = [{"id": index, "intent": intent.value} for index, intent in enumerate(list(Intent)[:number])]
        form = modals.close("PRV-2026-00001", requests)
        assert view_problems(form, "modal") == []
        assert form["private_metadata"] == "PRV-2026-00001"
        assert [block["block_id"] for block in form["blocks"]] == [*(f"request-{index}" for index in range(number)), "reasons", "letter"]

    @pytest.mark.parametrize("intents", [[], ["access"], [intent.value for intent in Intent], ["long gone"]])
    @pytest.mark.parametrize("regime", ["eu_gdpr", "us_ca_ccpa", "long gone"])
    def test_for_changing_are_taken(self, intents: list[str], regime: str) -> None:
        assert view_problems(change("PRV-2026-00001", intents, regime), "modal") == []


@pytest.mark.parametrize("text", NASTY)
def test_escaped_text_holds_no_mark(text: str) -> None:
    assert not re.search(r"[<>*_~`\n\u202e]|:[a-z_]+:", escape(text))


def test_escaped_text_still_reads_as_it_was() -> None:
    assert escape("Q&A <b>") == "Q&amp;A &lt;b&gt;"
    assert escape("*bold* :smile: at 10:30\nor 11:00") == "∗bold∗ ：smile: at 10:30 or 11:00"


def test_what_hides_or_turns_text_is_taken_away_and_what_languages_need_stays() -> None:
    assert visible("pay\u200bpal\u202e gpj.exe\u2066\u00ad\ufeff\U000e0041") == "paypal gpj.exe"
    persian, family, hebrew = "می\u200cخواهم", "👨\u200d👩\u200d👧", "שלום\u200f!"
    assert [visible(text) for text in (persian, family, hebrew)] == [persian, family, hebrew]
    assert visible("a\r\nb\rc\td") == "a\nb\nc\td"
    assert one_line("Jo\n\nDoe \u2028x") == "Jo Doe x"


@pytest.mark.parametrize(
    ("days", "exact", "words"),
    [
        (-12, True, "12 days late"), (-1, False, "1 day late"), (0, True, "ends today"), (1, False, "ends tomorrow"),
        (2, True, "2 days left"), (7, False, "7 days left"), (29, True, "29 days left"), (8, False, "1 week left"),
        (29, False, "4 weeks left"), (400, False, "more than 8 weeks left"),
    ],
)  # fmt: skip
def test_the_time_left_is_told_in_days_and_far_away_in_weeks(days: int, exact: bool, words: str) -> None:
    assert left_words(days, exact=exact) == words


def test_a_date_is_a_date_and_an_hour_an_hour() -> None:
    assert due_words(None) == "no statutory date"
    assert due_words("2026-12-23") == "23 Dec 2026"
    assert due_words("2026-11-26", "2026-11-26T10:00:00+01:00").startswith("<!date^1795683600^")
