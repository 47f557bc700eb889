"""Notes: kept encrypted, seen by colleagues, told in the thread without their words, gone with the messages, in no letter."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import Refused
from intents.catalog import Intent
from models import Message
from tests.builders import Bench, sqlite_url
from tests.filing import close, notices, opened, rows, the_ticket

SECRET = "She is the neighbour of our <!channel> director."


def test_a_note_is_seen_by_view_with_its_writer(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)
    any_bench.app.act("note", reference, "U1", text=f"  {SECRET}\n")
    shown = any_bench.app.look(reference, "U2")["messages"][-1]
    assert (shown["direction"], shown["by"], shown["text"]) == ("note", "U1", SECRET)


def test_the_thread_tells_of_it_without_its_words(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    bench.app.act("note", reference, "U1", text=SECRET)
    bench.app.deliver()
    line = bench.slack.of_kind("note")[-1].payload
    assert (line["text"], line["by"]) == ("Note added.", "slack:U1")
    assert "neighbour" not in str([notice.payload for notice in notices(bench)])
    assert not any("neighbour" in str(event.detail) for event in the_ticket(bench, reference).events)


def test_where_cards_show_all_the_thread_shows_it(tmp_path: Path) -> None:
    bench = Bench(sqlite_url(tmp_path), slack={"show": "full"})
    bench.app.act("note", opened(bench, Intent.ACCESS), "U1", text=SECRET)
    bench.app.deliver()
    assert bench.slack.of_kind("note")[-1].payload["quote"] == SECRET
    bench.close()


def test_the_database_holds_no_plain_note(tmp_path: Path) -> None:
    bench = Bench(sqlite_url(tmp_path))
    bench.app.act("note", opened(bench, Intent.ACCESS), "U1", text=SECRET)
    bench.close()
    assert not any(b"neighbour" in file.read_bytes() for file in tmp_path.iterdir())


def test_no_letter_holds_it(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    bench.app.act("note", reference, "U1", text=SECRET)
    bench.app.act("extend", reference, "U1", reasons="Many systems.")
    bench.app.act("ask", reference, "U1", about="id", question="")
    close(bench, reference, "Here you are.", access="fulfilled")
    bench.app.deliver()
    assert len(bench.letters.sent) == 4
    assert "neighbour" not in str([parcel.payload for parcel in bench.letters.sent])


def test_a_closed_ticket_takes_notes(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    close(bench, reference, access="fulfilled", letter=False)
    bench.app.act("note", reference, "U1", text="He called to say thanks.")
    assert the_ticket(bench, reference).is_closed


def test_it_is_purged_with_the_messages(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    bench.app.act("note", reference, "U1", text=SECRET)
    close(bench, reference, access="fulfilled", letter=False)
    bench.clock.at += timedelta(days=366)
    bench.app.purge()
    assert [(row.text, row.body, row.correspondent_name) for row in rows(bench, Message) if row.kind == "note"] == [(None, None, None)]


@pytest.mark.parametrize(("text", "words"), [("", "Write"), (" \n", "Write"), ("x" * 3_001, "3,000")])
def test_an_empty_or_endless_one_is_refused(bench: Bench, text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        bench.app.act("note", opened(bench, Intent.ACCESS), "U1", text=text)


def test_of_no_ticket_is_refused(bench: Bench) -> None:
    with pytest.raises(Refused, match="no such ticket"):
        bench.app.act("note", "PRV-2026-00042", "U1", text="x")
