"""Proving: a reply that passes DMARC proves control of the address that was asked; the identity a person confirms."""

import json
from collections.abc import Iterator

import pytest

from bot.clerk import open_question
from bot.desk import Refused
from intents.catalog import Intent
from models import Event
from tests.builders import Bench, mail, trusting
from tests.filing import JO, close, journal, notices, opened, our_message_id, reply, rows, take, the_ticket
from tests.test_doubt import first_card, marked

KNOWN = "jo.doe@work.example"


@pytest.fixture
def bench(database: str) -> Iterator[Bench]:
    """A company whose mail server says whom it believes; over SQLite, then over PostgreSQL."""
    bench = Bench(database, **trusting())
    yield bench
    bench.close()


def ask(bench: Bench, known: str = "", *, letter: bool = True) -> str:
    reference = opened(bench, Intent.ACCESS)
    bench.app.act("claim", reference, "U1")
    bench.app.act("ask", reference, "U1", about="id", question="", letter=letter, known=known)
    bench.app.deliver()
    return reference


def answer(bench: Bench, verdict: str = "pass", *, to: str = "", sender: str = JO, number: int = 2) -> None:
    raw = reply(to=to or our_message_id(bench, "id-question"), sender=sender, number=number)
    domain = sender.partition("@")[2].encode()
    take(bench, marked(raw, verdict).replace(b"header.from=home.example", b"header.from=" + domain), Intent.OTHER)


def reasons(bench: Bench) -> list[str]:
    return [event.detail["reason"] for event in rows(bench, Event) if event.kind == "control_not_proved"]


def test_a_reply_that_passes_is_shown_and_left_to_a_person(bench: Bench) -> None:
    reference = ask(bench)
    answer(bench)
    [proved] = [event for event in the_ticket(bench, reference).events if event.kind == "control_proved"]
    assert (proved.actor, proved.detail) == ("bot", {"method": "dmarc"})
    assert first_card(bench)["control_proved"] == proved.at.isoformat()
    assert first_card(bench)["id_asked"] and open_question(the_ticket(bench, reference), "id")
    notes = [note.payload for note in notices(bench, "note") if note.payload and "Control of the address" in note.payload["text"]]
    assert [note["mention"] for note in notes] == ["U1"] and "Identity confirmed" in notes[0]["text"]
    bench.app.act("id_received", reference, "U1")
    assert journal(bench, reference).count("id_received") == 1


@pytest.mark.parametrize(("verdict", "reason"), [("fail", "forged"), ("none", "no_dmarc")])
def test_a_reply_that_does_not_pass_is_recorded_and_proves_nothing(bench: Bench, verdict: str, reason: str) -> None:
    reference = ask(bench)
    answer(bench, verdict)
    assert reasons(bench) == [reason] and "control_proved" not in journal(bench, reference)
    assert first_card(bench)["control_proved"] is None


def test_the_known_address_is_asked_itself_and_the_journal_names_it_nowhere(bench: Bench) -> None:
    reference = ask(bench, known=" Jo.Doe@Work.example ")
    letter = bench.letters.of_kind("id-question")[-1].payload
    assert (letter["to"], letter["in_reply_to"]) == (KNOWN, "")
    assert "reply to this mail from the address that it came to" in letter["text"]
    answer(bench, sender=JO, to=our_message_id(bench, "acknowledgement"))
    answer(bench, sender="eve@work.example", number=3)
    assert reasons(bench) == ["other_address"] and "control_proved" not in journal(bench, reference)
    answer(bench, sender=KNOWN, number=4)
    assert "control_proved" in journal(bench, reference)
    told = json.dumps([[event.kind, event.detail] for event in rows(bench, Event)])
    assert KNOWN not in told and "known address" in told


def test_another_letter_is_no_answer_and_neither_is_a_question_put_by_telephone(bench: Bench) -> None:
    ask(bench, letter=False)
    answer(bench, to=our_message_id(bench, "acknowledgement"))
    assert reasons(bench) == ["other_letter"]


def test_a_letter_of_an_earlier_question_does_not_answer_the_next_one(bench: Bench) -> None:
    reference = ask(bench)
    bench.app.act("id_received", reference, "U1")
    bench.clock.at = bench.clock.at.replace(hour=12)
    bench.app.act("ask", reference, "U1", about="id", question="", letter=False)
    answer(bench)
    assert reasons(bench) == ["other_letter"] and "control_proved" not in journal(bench, reference)


def test_a_closed_question_is_answered_no_more(bench: Bench) -> None:
    reference = ask(bench)
    bench.app.act("id_received", reference, "U1")
    answer(bench)
    assert reasons(bench) == [] and "control_proved" not in journal(bench, reference)
    close(bench, reference, access="fulfilled", letter=False)
    assert "control_proved" not in journal(bench, reference)


def test_an_old_mail_sent_again_by_somebody_else_proves_nothing(bench: Bench) -> None:
    reference = ask(bench)
    take(bench, marked(mail("From long ago.", number=9, subject=f"Re: [{reference}]"), "pass"), Intent.OTHER)
    assert reasons(bench) == ["other_letter"]


@pytest.mark.parametrize("known", ["nobody", "privacy@example.test"])
def test_what_is_no_address_or_our_own_is_refused(bench: Bench, known: str) -> None:
    reference = opened(bench, Intent.ACCESS)
    with pytest.raises(Refused, match="or leave it empty"):
        bench.app.act("ask", reference, "U1", about="id", question="", known=known)
