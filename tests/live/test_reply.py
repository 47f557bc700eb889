"""Replying as a colleague does: written in Slack, looked at, sent with files of the thread, received by a real SMTP server."""

import io
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import pyzipper

from bot.demo.slack_server import LoopbackSlack
from tests.builders import mail
from tests.live.dovecot import Dovecot
from tests.live.test_whole_life import GERMAN, cards, slack_of
from tests.live.world import ANN, BEN, DESK, World, world

JANA = "jana@moor.example"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
CSV = "name;wert\nMoor;größer\n".encode()
TEXT = "Guten Tag,\n\nalles liegt bei. <b>Größer</b> & genauer.\n\nFreundliche Grüße\nExample GmbH"


@pytest.fixture
def live(tmp_path: Path, dovecot: Dovecot) -> Iterator[World]:
    with world(tmp_path, dovecot) as everything:
        yield everything


def card_for(live: World, number: int) -> dict[str, Any]:
    """The card of a new ticket, whose acknowledgement has left."""
    slack = slack_of(live)
    slack.wait_connected(20)
    live.dovecot.deliver(GERMAN.replace(b"first@", f"reply{number}@".encode()), JANA)
    live.smtp.wait_for(lambda: live.smtp.to(JANA))
    found: list[dict[str, Any]] = slack.wait_for(lambda: cards(slack), 20)
    return found[0]


def press_reply(slack: LoopbackSlack, card: dict[str, Any], **chosen: Any) -> dict[str, Any]:
    """The form of the letter, after the one that says how it begins."""
    slack.press(ANN, DESK, card["ts"], "reply").wait_ack()
    slack.submit(ANN, top(slack, "reply_begin"), chosen).wait_ack()
    return top(slack, "Preview")


def preview(slack: LoopbackSlack, form: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The letter as it will look, with the button that sends it."""
    slack.submit(ANN, form, values).wait_ack()
    [shown] = slack.views_of(ANN)
    assert shown["submit"]["text"] == "Send"
    return dict(shown)


def top(slack: LoopbackSlack, words: str, user: str = ANN) -> dict[str, Any]:
    """The visible view once it says `words`."""
    def shows() -> list[dict[str, Any]]:
        return [view for view in slack.views_of(user)[-1:] if words in json.dumps(view, ensure_ascii=False)]

    found: list[dict[str, Any]] = slack.wait_for(shows, 20)
    return found[0]


def texts(form: dict[str, Any]) -> str:
    return "".join(b["element"].get("initial_value", "") for b in form["blocks"] if b.get("element", {}).get("type") == "plain_text_input")


def options(form: dict[str, Any], action: str) -> dict[str, str]:
    elements = [e for b in form["blocks"] for e in [*b.get("elements", ()), b.get("element", {})] if e.get("action_id") == action]
    return {option["text"]["text"]: option["value"] for option in elements[0]["options"]}


def second_letter(live: World) -> EmailMessage:
    letters = live.smtp.wait_for(lambda: len(live.smtp.to(JANA)) > 1 and live.smtp.to(JANA))
    assert len(letters) == 2
    letter: EmailMessage = letters[1]
    return letter


def plain_text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_letter_is_begun_looked_at_and_sent_once(live: World) -> None:
    slack = slack_of(live)
    with live.running() as (app, _):
        card = card_for(live, 1)
        form = press_reply(slack, card)
        assert texts(form) == "Guten Tag,\n\n\n\nFreundliche Grüße\nExample GmbH"

        assert "nothing in the letter" in json.dumps(slack.submit(ANN, form, {}).wait_ack())
        slack.close_view(ANN, form)
        french = press_reply(slack, card, start="attached", language="fr")
        assert "joint à ce courriel" in texts(french)
        slack.close_view(ANN, french)
        form = press_reply(slack, card, start="attached")
        assert "liegt dieser E-Mail bei" in texts(form)

        shown = preview(slack, form, {"text": TEXT, "text_2": "PS: bald."})
        shown = preview(slack, shown, {"text_2": "PS: bis bald."})
        assert "You changed the letter" in json.dumps(shown) and len(live.smtp.to(JANA)) == 1
        reference = card["blocks"][0]["text"]["text"].split()[1]
        words = "".join(block["text"]["text"] for block in shown["blocks"] if block["type"] == "section")
        assert f"Zu Ihrer Nachricht [{reference}]" in words and TEXT in words and "PS: bis bald." in words
        slack.submit(ANN, shown).wait_ack()

        letter = second_letter(live)
        assert words.removeprefix(str(letter["Subject"])).split() == plain_text(letter).split()
        assert letter["In-Reply-To"] == "<reply1@moor.example>"
        assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == (None, None)
        assert letter["X-Privacybot-Loop"] == app.office.loop_token
        assert live.smtp.senders[1] == live.user
        html = letter.get_body(("html",))
        assert html is not None and "&lt;b&gt;Größer&lt;/b&gt; &amp; genauer." in html.get_content()
        slack.wait_for(lambda: [m for m in slack.thread(DESK, card["ts"]) if m["text"] == f"Replied. By <@{ANN}>."], 20)
        assert slack.views_of(ANN) == []

        slack.press(BEN, DESK, card["ts"], "view").wait_ack()
        assert "PS: bis bald." in json.dumps(top(slack, "sent", BEN), ensure_ascii=False)


def test_files_of_the_thread_go_along(live: World) -> None:
    slack = slack_of(live)
    with live.running():
        card = card_for(live, 2)
        slack.upload(DESK, BEN, "Auskunft Moor.pdf", PDF, card["ts"], "application/pdf")
        slack.upload(DESK, ANN, "größer.csv", CSV, card["ts"], "text/csv")
        slack.upload(DESK, ANN, "elsewhere.txt", b"not in the thread")
        form = press_reply(slack, card)
        offered = options(form, "files")
        assert list(offered) == ["Auskunft Moor.pdf (10 kB)", "größer.csv (1 kB)"]
        assert "nothing to encrypt" in json.dumps(slack.submit(ANN, form, {"text": TEXT, "seal": ["seal"]}).wait_ack()["errors"]["seal"])
        shown = preview(slack, form, {"text": TEXT, "files": list(offered.values()), "seal": []})
        assert "Files: Auskunft Moor.pdf, größer.csv" in json.dumps(shown, ensure_ascii=False)
        slack.submit(ANN, shown).wait_ack()
        slack.close_view(ANN, top(slack, "on its way"))
        assert slack.views_of(ANN) == []
        enclosed = {part.get_filename(): part.get_payload(decode=True) for part in second_letter(live).iter_attachments()}
        assert enclosed == {"Auskunft Moor.pdf": PDF, "größer.csv": CSV}
        slack.press(BEN, DESK, card["ts"], "view").wait_ack()
        top(slack, "📎 Auskunft Moor.pdf (10,249 bytes), größer.csv", BEN)


def test_an_encrypted_parcel_opens_with_the_passphrase_that_one_person_saw_once(live: World, caplog: pytest.LogCaptureFixture) -> None:
    slack = slack_of(live)
    caplog.set_level("DEBUG")
    with live.running() as (app, _):
        card = card_for(live, 3)
        slack.upload(DESK, BEN, "Auskunft Moor.pdf", PDF, card["ts"], "application/pdf")
        form = press_reply(slack, card)
        values = {"text": TEXT, "files": list(options(form, "files").values()), "seal": ["seal"]}
        slack.submit(ANN, preview(slack, form, values)).wait_ack()
        shown = top(slack, "Passphrase")
        passphrase = re.findall(r"`([a-z2-9-]{24})`", json.dumps(shown))[0]
        [parcel] = second_letter(live).iter_attachments()
        reference = card["blocks"][0]["text"]["text"].split()[1]
        assert (parcel.get_filename(), parcel.get_content_type()) == (f"{reference}.zip", "application/zip")
        content = parcel.get_content()
        assert isinstance(content, bytes)
        with pyzipper.AESZipFile(io.BytesIO(content)) as opened:
            assert opened.namelist() == [f"{reference}-1.pdf"]
            assert (opened.infolist()[0].wz_aes_strength, opened.infolist()[0].flag_bits & 1) == (3, 1)
            with pytest.raises(RuntimeError):
                opened.read(f"{reference}-1.pdf", pwd=b"wrong")
            assert opened.read(f"{reference}-1.pdf", pwd=passphrase.encode()) == PDF
        slack.close_view(ANN, shown)
        secret = passphrase in caplog.text or passphrase in json.dumps([slack.messages(DESK), slack.ephemerals, slack.views_of(ANN)])
        assert not secret
        stored = app.read(lambda session: session.connection().exec_driver_sql("SELECT group_concat(detail) FROM events").scalar())
        assert passphrase not in stored
        assert passphrase not in live.smtp.letters[-1].as_string()


def test_without_all_of_its_files_no_letter_leaves_and_none_is_lost(live: World) -> None:
    slack = slack_of(live)
    with live.running():
        card = card_for(live, 4)
        first = slack.upload(DESK, ANN, "one.pdf", PDF, card["ts"], "application/pdf")
        slack.upload(DESK, ANN, "two.pdf", PDF, card["ts"], "application/pdf")
        form = press_reply(slack, card)
        ids = list(options(form, "files").values())
        form = preview(slack, form, {"text": TEXT, "files": ids})
        slack.fail_next("download", status=500)
        slack.submit(ANN, form).wait_ack()
        failed = top(slack, "Nothing was sent")
        assert "could not be fetched" in json.dumps(failed)
        slack.close_view(ANN, failed)
        [form] = slack.views_of(ANN)
        assert TEXT in json.dumps(form["state"], ensure_ascii=False).replace("\\n", "\n")
        assert len(live.smtp.to(JANA)) == 1

        slack.delete_file(ANN, first.payload["event"]["files"][0]["id"])
        slack.submit(ANN, form).wait_ack()
        slack.close_view(ANN, top(slack, "deleted from the thread"))
        [form] = slack.views_of(ANN)
        slack.submit(ANN, preview(slack, form, {"files": ids[1:]})).wait_ack()
        top(slack, "on its way")
        assert [part.get_filename() for part in second_letter(live).iter_attachments()] == ["two.pdf"]


def test_whoever_closed_the_window_meanwhile_is_told_alone(live: World) -> None:
    slack = slack_of(live)
    with live.running():
        card = card_for(live, 5)
        slack.upload(DESK, ANN, "one.pdf", PDF, card["ts"], "application/pdf")
        form = press_reply(slack, card)
        form = preview(slack, form, {"text": TEXT, "files": list(options(form, "files").values()), "seal": ["seal"]})
        slack.fail_next("views.update", error="not_found", times=4)
        slack.submit(ANN, form).wait_ack()
        [told] = slack.wait_for(lambda: slack.ephemerals, 20)
        assert told["user"] == ANN and re.search(r"Passphrase: `[a-z2-9-]{24}`", told["text"])
        assert second_letter(live)["Subject"]


def test_a_passphrase_that_nobody_saw_is_told_of_in_the_thread(live: World) -> None:
    slack = slack_of(live)
    with live.running():
        card = card_for(live, 6)
        slack.upload(DESK, ANN, "one.pdf", PDF, card["ts"], "application/pdf")
        form = press_reply(slack, card)
        form = preview(slack, form, {"text": TEXT, "files": list(options(form, "files").values()), "seal": ["seal"]})
        slack.fail_next("views.update", error="not_found", times=4)
        slack.fail_next("chat.postEphemeral", status=500)
        slack.submit(ANN, form).wait_ack()
        slack.wait_for(lambda: [m for m in slack.thread(DESK, card["ts"]) if "Passphrase not shown" in m["text"]], 20)


def test_a_passage_of_the_companys_policy_is_put_above_the_regards(live: World) -> None:
    slack = slack_of(live)
    policy = live.folder / "policy.md"
    policy.write_text("# Datenschutz\n\n## Löschung\n\nRechnungen bewahren wir zehn Jahre auf.\n", "utf-8")
    with live.config_file.open("a", encoding="utf-8") as file:
        file.write(f"policy: {{files: [{policy}]}}\n")
    with live.running():
        form = press_reply(slack, card_for(live, 8), passages=["0"])
        assert texts(form) == "Guten Tag,\n\nRechnungen bewahren wir zehn Jahre auf.\n\nFreundliche Grüße\nExample GmbH"
        wanted = "Guten Tag,\n\nRechnungen bewahren wir zehn Jahre lang auf.\n\nFreundliche Grüße\nExample GmbH"
        form = preview(slack, form, {"text": wanted})
        slack.submit(ANN, form).wait_ack()
        assert wanted in plain_text(second_letter(live))


def test_the_known_address_is_asked_and_its_answer_is_shown_and_left_to_a_person(live: World) -> None:
    slack = slack_of(live)
    live.write_config(authserv_id="mx.example.test")
    passed = b"Authentication-Results: mx.example.test; dmarc=pass header.from=work.example\r\n"
    with live.running():
        card = card_for(live, 9)
        offered = card["blocks"][-1]["elements"][-1]["options"]
        ask = next(option["value"] for option in offered if option["value"].startswith("ask_id:"))
        slack.select(ANN, DESK, card["ts"], "more", ask).wait_ack()
        [form] = slack.wait_for(lambda: slack.views_of(ANN), 20)
        assert "or leave it empty" in json.dumps(slack.submit(ANN, form, {"known": "at work"}).wait_ack())
        slack.submit(ANN, form, {"known": "jana@work.example"}).wait_ack()
        [letter] = live.smtp.wait_for(lambda: live.smtp.to("jana@work.example"))
        assert "von der Adresse, an die sie ging" in plain_text(letter) and letter["In-Reply-To"] is None
        answer = mail("Ja, das war ich.", sender="jana@work.example", number=77, headers=f"In-Reply-To: {letter['Message-ID']}\n")
        live.dovecot.deliver(passed + answer)
        slack.wait_for(lambda: "Control of the address proved (DMARC) on" in json.dumps(slack.message(DESK, card["ts"])), 20)
        assert "id_received" in json.dumps(slack.message(DESK, card["ts"]))
        assert not [m for m in slack.messages(DESK) if "jana@work" in json.dumps(m)]


def test_an_empty_letter_and_a_closed_ticket_are_refused_in_private(live: World) -> None:
    slack = slack_of(live)
    with live.running():
        card = card_for(live, 7)
        form = press_reply(slack, card)
        assert "nothing in the letter" in json.dumps(slack.submit(ANN, form).wait_ack())
        form = preview(slack, form, {"text": TEXT})
        slack.press(BEN, DESK, card["ts"], "close").wait_ack()
        [closing] = slack.wait_for(lambda: slack.views_of(BEN), 20)
        slack.submit(BEN, closing, {"outcome": "fulfilled", "send": []}).wait_ack()
        assert "reopen it first" in json.dumps(slack.submit(ANN, form).wait_ack())
        assert len(live.smtp.to(JANA)) == 1
