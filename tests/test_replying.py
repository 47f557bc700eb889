"""Replying: a colleague's letter leaves once, whole, in its thread, and never to somebody who is in doubt."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk import Refused
from bot.inquiry import Attachment
from bot.parsing import parse_email
from bot.register import whole
from bot.replying import LONGEST
from intents.catalog import Intent
from models import Direction, MessageFile
from tests.builders import MONDAY, Bench, mail, trusting
from tests.filing import JO, close, journal, notices, opened, reading, record, reply, rows, take, take_slack, the_ticket
from tests.test_confirming import forwarded
from tests.test_doubt import marked

TEXT = "Hello,\n\nit is on its way.\n\nKind regards\nExample GmbH"
FILES = (Attachment("copy.pdf", "application/pdf", b"%PDF" + bytes(900)), Attachment("größer.csv", "text/csv", b"a;b\n"))


@pytest.fixture
def bench(database: str) -> Iterator[Bench]:
    """A company whose mail server says whom it believes; over SQLite, then over PostgreSQL."""
    bench = Bench(database, **trusting())
    yield bench
    bench.close()


def write(bench: Bench, reference: str, text: str = TEXT, name: str = "0a", **more: Any) -> None:
    bench.app.act("reply", reference, "U1", text=text, language="en", name=name, **more)


def test_stands_in_the_thread_of_the_last_mail_and_is_remembered(bench: Bench) -> None:
    came = replace(parse_email(mail("Please see to it."), bench.clock()), mailbox="main")
    reference = record(bench, came, reading(Intent.ACCESS)).reference or ""
    take(bench, reply(to="<m1@home.example>", number=5), Intent.ACCESS)
    write(bench, reference, files=FILES)
    bench.app.deliver()
    [letter] = bench.letters.of_kind("reply")
    assert (letter.payload["to"], letter.payload["in_reply_to"], letter.payload["mailbox"]) == (JO, "<m5@home.example>", "main")
    assert letter.payload["subject"] == f"About your message [{reference}]" and TEXT in letter.payload["text"]
    assert letter.files == FILES
    sent = the_ticket(bench, reference).messages[-1]
    assert (sent.direction, sent.kind, [file.name for file in sent.attachments]) == (Direction.OUT, "staff", ["copy.pdf", "größer.csv"])
    replied = next(event for event in the_ticket(bench, reference).events if event.kind == "replied")
    assert (replied.actor, replied.detail) == ("slack:U1", {"language": "en", "files": 2, "encrypted": False})
    shown = whole(bench.app.office, the_ticket(bench, reference))["messages"][-1]
    assert shown["files"] == "copy.pdf (904 bytes), größer.csv (4 bytes)"
    lines = [note.payload for note in notices(bench, "note") if note.payload]
    assert lines[-1]["text"] == "Replied." and lines[-1]["by"] == "slack:U1"


def test_an_answer_to_it_finds_its_ticket(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    write(bench, reference)
    payload = notices(bench, "reply")[-1].payload or {}
    assert take(bench, reply(to=payload["message_id"], number=6, sender="elsewhere@home.example")).reference == reference


def test_leaves_once_however_often_it_is_submitted(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    answers: list[str] = []

    def press() -> None:
        try:
            write(bench, reference, files=FILES)
            answers.append("sent")
        except Refused as refusal:
            answers.append(str(refusal))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["That letter was sent already."] * 3 + ["sent"]
    assert len(notices(bench, "reply")) == 1 and len(rows(bench, MessageFile)) == 2
    assert journal(bench, reference).count("replied") == 1
    write(bench, reference, name="0b")
    assert len(notices(bench, "reply")) == 2


def test_files_come_from_the_database_at_each_try(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    write(bench, reference, files=FILES)
    again = Bench(str(bench.app.engine.url.render_as_string(hide_password=False)), **trusting())  # the bot was started anew
    again.clock.at += timedelta(minutes=1)
    again.app.deliver()
    assert again.letters.of_kind("reply")[0].files == FILES
    again.close()


def test_its_files_are_purged_with_the_texts(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    write(bench, reference, files=FILES)
    bench.app.deliver()
    close(bench, reference, access="fulfilled", letter=False)
    bench.app.deliver()
    bench.clock.at = MONDAY + timedelta(days=366)
    bench.app.purge()
    assert rows(bench, MessageFile) == []


def test_files_are_not_in_clear_in_the_database(tmp_path: Any) -> None:
    bench = Bench(f"sqlite:///{tmp_path}/clear.db")
    write(bench, opened(bench, Intent.ACCESS), files=(Attachment("Jo Doe secret.txt", "text/plain", b"the secret of Jo"),))
    bench.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"the secret of Jo" not in stored and b"Jo Doe secret" not in stored and b"it is on its way" not in stored


class TestRefusal:
    def refused(self, bench: Bench, reference: str, **more: Any) -> str:
        """The same answer for opening the form and for sending; nothing is queued."""
        with pytest.raises(Refused) as caught:
            write(bench, reference, **more)
        assert notices(bench, "reply") == [] and "replied" not in journal(bench, reference)
        if not more:
            with pytest.raises(Refused) as opening:
                bench.app.show("reply_form", "U1", reference=reference)
            assert str(opening.value) == str(caught.value)
        return str(caught.value)

    def test_of_a_closed_ticket(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        close(bench, reference, access="fulfilled", letter=False)
        assert "reopen it first" in self.refused(bench, reference)

    def test_where_the_sender_is_in_doubt_until_a_colleague_says_so(self, bench: Bench) -> None:
        reference = take(bench, marked(mail("Please.")), Intent.ACCESS).reference or ""
        assert "Answer anyway" in self.refused(bench, reference)
        bench.app.act("answer_anyway", reference, "U1")
        write(bench, reference)
        assert len(notices(bench, "reply")) == 1

    def test_where_a_forward_waits_for_its_sender(self, bench: Bench) -> None:
        reference = forwarded(bench, Intent.ACCESS)
        assert "Confirm sender" in self.refused(bench, reference)
        bench.app.act("confirm_sender", reference, "U1")
        write(bench, reference)

    def test_without_an_address(self, bench: Bench) -> None:
        event = {"channel": "C0INTAKE", "user": "U1", "text": "A caller wants her data.", "ts": f"{MONDAY.timestamp():.6f}"}
        reference = take_slack(bench, event, Intent.ACCESS).reference or ""
        assert "no address" in self.refused(bench, reference)

    @pytest.mark.parametrize("text", ["", " \n\t", "Hello,\n\n\n\nKind regards\nExample GmbH", "Hello,\nKind regards\nExample GmbH"])
    def test_of_an_empty_letter(self, bench: Bench, text: str) -> None:
        assert "nothing in the letter" in self.refused(bench, opened(bench, Intent.ACCESS), text=text)

    def test_of_questions_that_nobody_wrote(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        start = bench.app.show("reply_form", "U1", reference=reference, start="questions")["text"]
        assert "nothing in the letter" in self.refused(bench, reference, text=start)

    def test_of_a_letter_that_is_too_long(self, bench: Bench) -> None:
        told = self.refused(bench, opened(bench, Intent.ACCESS), text="x" * (LONGEST + 1))
        assert "9,001 characters, at most 9,000" in told

    def test_of_files_that_no_mail_carries(self, bench: Bench) -> None:
        told = self.refused(bench, opened(bench, Intent.ACCESS), files=(Attachment("a", "text/plain", bytes(20_000_001)),))
        assert "20,000,001 bytes, at most 20,000,000 (slack.largest_reply)" in told

    def test_of_a_ticket_that_is_not_there(self, bench: Bench) -> None:
        for step in (lambda: write(bench, "PRV-2026-99999"), lambda: bench.app.show("reply_form", "U1", reference="PRV-2026-99999")):
            with pytest.raises(Refused, match="no such ticket"):
                step()


def test_the_form_speaks_the_requesters_language_and_offers_the_others(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    facts = bench.app.show("reply_form", "U1", reference=reference)
    assert (facts["language"], facts["start"], facts["to"], len(facts["languages"])) == ("en", "blank", "j***@home.example", 26)
    assert facts["text"].startswith("Hello,") and facts["text"].endswith(facts["regards"]) and facts["regards"].startswith("Kind regards")
    other = bench.app.show("reply_form", "U1", reference=reference, language="nb", start="done")
    assert other["language"] == "no" and "er gjort" in other["text"]
    assert bench.app.show("reply_form", "U1", reference=reference, language="zz", start="zz")["start"] == "blank"


def test_the_preview_is_the_letter_that_leaves(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    shown = bench.app.show("reply_preview", "U1", reference=reference, text=TEXT, language="de")
    bench.app.act("reply", reference, "U1", text=TEXT, language="de", name="0c")
    payload = notices(bench, "reply")[-1].payload or {}
    assert (shown["subject"], shown["text"]) == (payload["subject"], payload["text"])
