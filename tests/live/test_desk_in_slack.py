"""The desk in Slack, pressed as people press it: hand over, note, merge, unclear tickets, a new ticket by command or shortcut, search."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.demo.slack_server import LoopbackSlack
from bot.mailbox import Mail
from tests.builders import mail
from tests.filing import the_ticket
from tests.live.dovecot import Dovecot
from tests.live.test_whole_life import OFFICE
from tests.live.world import ANN, BEN, DESK, EVE, INTAKE, World, world

ACCESS = "Please send me a copy of all personal data that you hold about me (Article 15 GDPR)."
ERASURE = "Please delete all personal data that you hold about me (Article 17 GDPR)."
VAGUE = "hi, it is about my stuff that you have, thx"


class Room:
    """The running bot and its Slack; mails are put in by hand, as the mailbox's door is tested elsewhere."""

    def __init__(self, live: World, app: App, slack: LoopbackSlack) -> None:
        self.live, self.app, self.slack = live, app, slack
        self.mails = 0

    def mail(self, body: str, sender: str = "Jo Doe <jo@home.example>", subject: str = "My data") -> tuple[str, dict[str, Any]]:
        """The reference and the card of the ticket that a mail opens."""
        self.mails += 1
        filed = self.app.file_mail(Mail(self.mails, self.app.clock(), mail(body, sender=sender, subject=subject, number=self.mails)))
        assert filed.reference
        return filed.reference, self.card(filed.reference)

    def card(self, reference: str, words: str = "") -> dict[str, Any]:
        """The ticket's card, once it shows these words."""

        def shown() -> list[dict[str, Any]]:
            return [m for m in self.slack.messages(DESK) if "thread_ts" not in m and m.get("blocks") and reference in header(m)
                    and words in json.dumps(m, ensure_ascii=False)]  # fmt: skip

        return self.slack.wait_for(shown, 20)[0]

    def menu(self, user: str, reference: str, verb: str) -> dict[str, Any]:
        """Choose from the card's menu; the form that opens."""
        self.slack.select(user, DESK, self.card(reference)["ts"], "more", f"{verb}:{reference}").wait_ack()
        return self.form(user)

    def form(self, user: str) -> dict[str, Any]:
        return self.slack.wait_for(lambda: self.slack.views_of(user), 20)[-1]

    def directly(self, user: str, words: str) -> dict[str, Any]:
        """What the bot said to somebody alone."""
        channel = self.slack.direct_channel(user)
        return self.slack.wait_for(lambda: [m for m in self.slack.messages(channel) if words in m["text"]], 20)[0]

    def whispered(self, user: str, words: str) -> dict[str, Any]:
        """What one person was shown in a channel."""
        found = self.slack.wait_for(lambda: [e for e in self.slack.ephemerals if e["user"] == user and words in json.dumps(e)], 20)
        return found[-1]

    def thread(self, reference: str, words: str) -> dict[str, Any]:
        ts = self.card(reference)["ts"]
        return self.slack.wait_for(lambda: [m for m in self.slack.thread(DESK, ts) if words in m.get("text", "")], 20)[0]


def header(message: dict[str, Any]) -> str:
    return json.dumps(message["blocks"][0])


@contextmanager
def opened_room(live: World) -> Iterator[Room]:
    slack = live.slack
    assert slack is not None
    with live.running() as (app, _):
        slack.wait_connected(20)
        yield Room(live, app, slack)


@pytest.fixture
def room(tmp_path: Path, dovecot: Dovecot) -> Iterator[Room]:
    with world(tmp_path, dovecot) as live, opened_room(live) as room:
        yield room


def errors(ack: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = ack["errors"]
    return found


def test_a_ticket_is_handed_over_and_given_back(room: Room) -> None:
    slack = room.slack
    reference, card = room.mail(ACCESS)
    slack.press(BEN, DESK, card["ts"], "claim").wait_ack()
    room.card(reference, f"<@{BEN}>")
    slack.press(ANN, DESK, card["ts"], "view").wait_ack()
    slack.close_view(ANN, room.form(ANN))
    slack.fail_next("users.info", error="missing_scope")
    form = room.menu(ANN, reference, "hand_over")
    assert f"<@{BEN}> has it now" in json.dumps(form)
    offered = [option["value"] for option in form["blocks"][1]["element"]["options"]]
    assert offered == [ANN, "nobody"] and EVE not in offered
    slack.submit(ANN, form, {"handler": ANN}).wait_ack()
    room.card(reference, f"<@{ANN}>")
    slack.submit(ANN, room.menu(ANN, reference, "hand_over"), {"handler": BEN}).wait_ack()
    room.directly(BEN, f"*{reference}* was handed over to you by <@{ANN}>: access, due")
    room.thread(reference, f"Handed over to <@{BEN}>.")
    room.card(reference, f"<@{BEN}>")
    slack.submit(ANN, room.menu(ANN, reference, "hand_over"), {"handler": "nobody"}).wait_ack()
    room.card(reference, "_nobody yet_")


def test_a_note_is_seen_by_colleagues_alone(room: Room) -> None:
    slack = room.slack
    reference, card = room.mail(ACCESS)
    slack.submit(ANN, room.menu(ANN, reference, "note"), {"text": "He called <!channel> and was angry."}).wait_ack()
    line = room.thread(reference, "Note added.")
    assert "angry" not in json.dumps(slack.messages(DESK)) and f"<@{ANN}>" in line["text"]
    slack.press(BEN, DESK, card["ts"], "view").wait_ack()
    view = json.dumps(room.form(BEN))
    assert "He called <!channel> and was angry." in view and f"by <@{ANN}>" in view


def test_a_duplicate_is_merged_and_its_replies_follow(room: Room) -> None:
    slack = room.slack
    first, _ = room.mail(ACCESS)
    second, card = room.mail(ERASURE, "Jo Doe <jo@work.example>")
    form = room.menu(ANN, second, "merge")
    offered = form["blocks"][1]["element"]["options"]
    assert [option["value"] for option in offered] == [first] and "Access" in offered[0]["text"]["text"]
    assert "not two" in errors(slack.submit(ANN, form, {"candidate": first, "into": "PRV-2026-00099"}).wait_ack())["into"]
    refused = slack.submit(ANN, form, {"candidate": first, "into": None}).wait_ack()
    assert "different requesters (j***@work.example here, j***@home.example there)" in errors(refused)["same_person"]
    slack.submit(ANN, form, {"candidate": first, "same_person": ["same"]}).wait_ack()
    assert slack.views_of(ANN) == []
    merged = room.card(second, f"merged into {first}")
    assert [e["action_id"] for e in merged["blocks"][-1]["elements"]] == ["view"]
    room.card(first, "Erasure")
    room.thread(first, f"*{second}* was merged into this one. By <@{ANN}>.")
    slack.press(BEN, DESK, card["ts"], "view").wait_ack()
    view = room.form(BEN)
    assert view["title"]["text"] == first and ERASURE in json.dumps(view) and ACCESS in json.dumps(view)
    letters = room.live.smtp.wait_for(lambda: room.live.smtp.to("jo@work.example"))
    more = mail("One thing more.", sender="Jo Doe <jo@work.example>", number=9, headers=f"In-Reply-To: {letters[0]['Message-ID']}\n")
    assert room.app.file_mail(Mail(9, room.app.clock(), more)).reference == first
    assert not any("merged" in str(letter).lower() or "duplicate" in str(letter).lower() for letter in room.live.smtp.letters)


def test_an_unclear_ticket_is_settled_by_one_press(room: Room) -> None:
    slack = room.slack
    reference, card = room.mail(VAGUE, subject="stuff")
    buttons = {e["action_id"]: e["text"]["text"] for e in card["blocks"][-1]["elements"] if e["type"] == "button"}
    guesses = [action for action in buttons if action.startswith("read_as:")]
    assert len(guesses) == 2 and buttons["change"] == "Something else…"
    slack.press(ANN, DESK, card["ts"], guesses[1]).wait_ack()
    settled = slack.wait_for(lambda: [c for c in [room.card(reference)] if "read_as:" not in json.dumps(c)], 20)[0]
    assert buttons[guesses[1]] in header(settled)
    actions = [event.actor for event in the_ticket(room, reference).events if event.kind == "reclassified"]  # type: ignore[arg-type]
    assert actions == [f"slack:{ANN}"]


def test_a_change_that_lay_open_does_not_undo_a_colleagues(room: Room) -> None:
    slack = room.slack
    reference, card = room.mail(ACCESS)
    for user in (ANN, BEN):
        slack.press(user, DESK, card["ts"], "change").wait_ack()
    mine, theirs = room.form(ANN), room.form(BEN)
    slack.submit(ANN, mine, {"intents": ["erasure"], "other": []}).wait_ack()
    refused = slack.submit(BEN, theirs, {"intents": [], "other": ["complaint"]}).wait_ack()
    assert "changed meanwhile" in errors(refused)["intents"]
    room.card(reference, "Erasure")


def test_closing_says_per_request_how_it_ended(room: Room) -> None:
    slack = room.slack
    reference, card = room.mail(ACCESS)
    slack.press(ANN, DESK, card["ts"], "close").wait_ack()
    form = room.form(ANN)
    assert form["blocks"][0]["label"]["text"].startswith("Access, due ")
    refused = slack.submit(ANN, form, {"outcome": "refused", "send": ["send"]}).wait_ack()
    assert "Art 12(4)" in errors(refused)["reasons"]
    slack.submit(ANN, form, {"outcome": "refused", "text": "We never had any data of yours.", "send": ["send"]}).wait_ack()
    room.card(reference, "✅")
    letters = room.live.smtp.wait_for(lambda: len(room.live.smtp.to("jo@home.example")) == 2 and room.live.smtp.to("jo@home.example"))
    text = letters[1].get_body(("plain",)).get_content()
    assert "We never had any data of yours." in text and "complain" in text.lower()
    slack.select(BEN, DESK, card["ts"], "more", f"note:{reference}").wait_ack()
    slack.submit(BEN, room.form(BEN), {"text": "Told by phone, too."}).wait_ack()
    room.thread(reference, "Note added.")


def test_a_call_is_written_down_by_a_command(room: Room) -> None:
    slack = room.slack
    slack.command(ANN, DESK, "/privacy", "new").wait_ack()
    form = room.form(ANN)
    at = (room.app.clock() - timedelta(days=3)).astimezone(OFFICE)
    filled = {"source": "phone", "at": f"{at:%Y-%m-%d}", "time": "9.05", "intents": ["access", "erasure"], "name": "Jo Doe",
              "text": "She wants a copy, then all gone."}  # fmt: skip
    wrong = slack.submit(ANN, form, {**filled, "address": "jo at home"}).wait_ack()
    assert "jo@example.org" in errors(wrong)["address"]
    vague = slack.submit(ANN, form, {**filled, "time": "noon"}).wait_ack()
    assert "09:30" in errors(vague)["time"] and "Europe/Berlin" in errors(vague)["time"]
    late = slack.submit(ANN, form, {**filled, "at": f"{at + timedelta(days=10):%Y-%m-%d}"}).wait_ack()
    assert "future" in errors(late)["at"]
    slack.submit(ANN, form, {**filled, "address": "jo@home.example", "letter": ["send"]}).wait_ack()
    told = room.directly(ANN, "You opened *PRV-")
    reference = told["text"].split("*")[1]
    assert "Access + Erasure" in header(room.card(reference))
    [letter] = room.live.smtp.wait_for(lambda: room.live.smtp.to("jo@home.example"))
    assert reference in str(letter["Subject"])
    ticket = the_ticket(room, reference)  # type: ignore[arg-type]
    assert (ticket.source, ticket.received_at) == ("phone", at.replace(hour=9, minute=5, second=0, microsecond=0))


def test_any_message_becomes_a_ticket_by_the_shortcut_once(room: Room) -> None:
    slack = room.slack
    slack.add_channel("C0SALES", "sales", [ANN, EVE], bot_is_member=False)
    text = "Customer <mailto:kim@caller.example|kim@caller.example> wants out &amp; all <!channel> data gone"
    post = slack.say("C0SALES", EVE, text)
    slack.shortcut(EVE, "open_ticket", "C0SALES", post.ts).wait_ack()
    room.directly(EVE, "members of the privacy desk")
    slack.shortcut(ANN, "open_ticket", "C0SALES", post.ts).wait_ack()
    form = room.form(ANN)
    assert "wants out & all @channel data gone" in json.dumps(form) and "kim@caller.example" in json.dumps(form)
    slack.submit(ANN, form, {"intents": ["erasure"]}).wait_ack()
    reference = room.directly(ANN, "You opened *PRV-")["text"].split("*")[1]
    ticket = the_ticket(room, reference)  # type: ignore[arg-type]
    assert (ticket.requester, ticket.messages[0].slack_ts, ticket.messages[0].slack_channel) == ("kim@caller.example", post.ts, "C0SALES")
    assert 0 <= float(post.ts) - ticket.received_at.timestamp() < 60
    assert slack.messages("C0SALES")[1:] == [] and room.live.smtp.letters == []
    slack.shortcut(ANN, "open_ticket", "C0SALES", post.ts).wait_ack()
    room.directly(ANN, f"There is a ticket for this already: {reference}.")
    own = slack.say(INTAKE, EVE, "Please erase lou@caller.example, article 17 GDPR.")
    slack.wait_for(lambda: len(slack.thread(INTAKE, own.ts)) > 1, 20)
    slack.shortcut(ANN, "open_ticket", INTAKE, own.ts).wait_ack()
    room.directly(ANN, "There is a ticket for this already: PRV-2026-00002.")


def test_search_and_digest_answer_one_person(room: Room) -> None:
    slack = room.slack
    reference, _ = room.mail(ACCESS)

    def ask(text: str, words: str) -> dict[str, Any]:
        slack.command(ANN, INTAKE, "/privacy", text).wait_ack()
        return room.whispered(ANN, words)

    found = ask("search JO@home.example", reference)
    assert "home.example" not in json.dumps(found)
    ask("SEARCH 00001", reference)
    ask("search nobody@home.example", "Nothing found.")
    ask("search copy of all personal data", "Say a whole mail address")
    ask("search", "Say a whole mail address")
    ask("digest", "Privacy desk, week")
    ask("digest 2026-W60", "there is no week 60".capitalize())
    ask("digest last", "Write a week as 2026-W47")
    ask("digest 2099-W01", "has not begun yet")
    ask("dance", "There is no such command.")
    helped = ask("help", "`/privacy digest [2026-W47]`")
    assert all(f"/privacy {word}" in helped["text"] for word in ("search TEXT", "new", "held", "mine"))
    assert all(message.get("user") != ANN for message in slack.messages(INTAKE))
