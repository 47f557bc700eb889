"""Threads: replies find their ticket whatever mail programs and gateways did to them, and a guessed reference never does."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from bot.intake import Filed, Filing
from bot.posted import CONFIRM_POST
from intents.catalog import Intent
from models import Ticket
from tests.builders import Bench, mail, sqlite_url
from tests.filing import close, journal, notices, opened, our_message_id, reply, rows, take, take_slack, the_ticket

EVE = "Eve <eve@else.example>"
NUMBERS = count(1000)


@dataclass(frozen=True)
class Thread:
    """A ticket whose acknowledgement went out, and all that can be known of it."""

    reference: str
    sender: str
    eve: str
    """The address of somebody else."""
    theirs: str
    """The Message-ID of the requester's own mail, without brackets."""
    ours: str
    """The Message-ID that we gave our letter, without brackets."""
    reported: str
    """The one that the server gave it instead, without brackets."""
    foreign: str
    """That of a letter in another person's ticket."""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fields(answers: str = "", references: str = "", **more: str) -> str:
    """Header lines; `answers` is In-Reply-To."""
    named = {"In-Reply-To": answers, "References": references, **{name.replace("_", "-"): value for name, value in more.items()}}
    return "".join(f"{name}: {value}\n" for name, value in named.items() if value)


def letter(sender: str, subject: str, headers: str = "", body: str = "Here is my customer number.") -> bytes:
    return mail(body, sender=sender, subject=subject, headers=headers, number=next(NUMBERS))


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One office for the whole table; each row is about people of its own."""
    bench = Bench(sqlite_url(tmp_path_factory.mktemp("post")))
    keyed = bench.app.office.vault.digest
    bench.letters.reported = lambda parcel: keyed(f"<{sha(parcel.key)[:16]}-000000@eu-west-1.amazonses.com>")
    yield bench
    bench.close()


def thread(bench: Bench) -> Thread:
    number = next(NUMBERS)
    opened(bench, Intent.ACCESS, number=next(NUMBERS), sender=f"Ann Other <a{number}@other.example>")
    foreign = our_message_id(bench).strip("<>")
    sender = f"Jo Doe <jo{number}@home.example>"
    reference = opened(bench, Intent.ACCESS, number=number, sender=sender)
    bench.app.deliver()
    reported = f"{sha(f'acknowledgement:{reference}')[:16]}-000000@eu-west-1.amazonses.com"
    ours = our_message_id(bench).strip("<>")
    return Thread(reference, sender, f"eve{number}@else.example", f"m{number}@home.example", ours, reported, foreign)


Row = Callable[[Thread], bytes]

JOINS: dict[str, Row] = {
    "a plain reply": lambda t: letter(t.sender, "Re: Your message has arrived", fields(f"<{t.ours}>", f"<{t.theirs}> <{t.ours}>")),
    "another subject": lambda t: letter(t.sender, "My passport", fields(f"<{t.ours}>", f"<{t.ours}>")),
    "no References, as iOS sends it": lambda t: letter(t.sender, "Re: Hello", fields(f"<{t.ours}>")),
    "no In-Reply-To": lambda t: letter(t.sender, "Re: Hello", fields("", f"<{t.theirs}>\n <{t.ours}>")),
    "Outlook, which keeps ids and adds its own": lambda t: letter(
        t.sender, "AW: Your message has arrived", fields(f"<{t.ours}>", f"<{t.ours}>", Thread_Index="AQHZ0000", Thread_Topic="Your message")
    ),
    "no ids, but our reference": lambda t: letter(t.sender, f"RE: [EXTERNAL] AW: Your message has arrived [{t.reference.lower()}]"),
    "our reference in a new subject": lambda t: letter(t.sender.upper(), f"any news on {t.reference}?"),
    "our reference, broken by encoding": lambda t: letter(t.sender, f"=?utf-8?B?UkU6IEdyw7zDn2U=?= =?utf-8?Q?_{t.reference}?="),
    "an id without brackets": lambda t: letter(t.sender, "Re: Hello", fields(t.ours)),
    "an id with a comment": lambda t: letter(t.eve, "Re: Hello", fields(f'<{t.ours}> (privacy\'s message of "Mon, 23 Nov 2026 09:00")')),
    "an id behind the old phrase": lambda t: letter(t.eve, "Re: Hello", fields(f'Your message of "Mon, 23 Nov" <{t.ours}>')),
    "an id in capitals": lambda t: letter(t.eve, "Re: Hello", fields(f"<{t.ours.upper()}>")),
    "an id with another domain": lambda t: letter(t.eve, "Re: Hello", fields(f"<{t.ours.partition('@')[0]}@gateway.example>")),
    "an id with something behind it": lambda t: letter(t.eve, "Re: Hello", fields(f"{t.ours}.;")),
    "an id that lost its domain": lambda t: letter(t.eve, "Re: Hello", fields(f"<{t.ours.partition('@')[0]}>")),
    "an id cut in two by a fold": lambda t: letter(t.eve, "Re: Hello", fields("", f"<x@y.example> <{t.ours[:20]}\n {t.ours[20:]}>")),
    "the id that the server gave": lambda t: letter(t.eve, "Re: Hello", fields(f"<{t.reported}>", f"<{t.reported}>")),
    "the id that the server gave, without brackets": lambda t: letter(t.eve, "Re: Hello", fields(t.reported)),
    "the requester's own mail": lambda t: letter(t.sender, "PS", fields(f"<{t.theirs}>")),
    "a colleague to whom our letter was passed on": lambda t: letter(t.eve, "Fwd: Your message has arrived", fields(f"<{t.ours}>")),
    "our subject without the reference, of one who asked once": lambda t: letter(t.sender, "Antw: [EXT] Your message has arrived"),
    "the thread of another ticket, but our letter is answered": lambda t: letter(
        t.sender, "Re: Hello", fields(f"<{t.ours}>", f"<{t.foreign}> <{t.ours}>")
    ),
}

OPENS: dict[str, Row] = {
    "a colleague in Cc of the requester's own mail": lambda t: letter(t.eve, "Re: My data", fields(f"<{t.theirs}>", f"<{t.theirs}>")),
    "a stranger who names our reference": lambda t: letter(t.eve, f"Re: [{t.reference}]"),
    "a stranger under the requester's name": lambda t: letter(f'"{t.sender[8:-1]}" <{t.eve}>', f"Re: [{t.reference}]"),
    "a forwarded copy with our reference in the body": lambda t: letter(
        t.eve, "Fwd: Your message", body=f"See below.\n\n-----Original Message-----\nFrom: privacy\nReference: {t.reference}"
    ),
    "the requester, with our reference in the body only": lambda t: letter(t.sender, "Another thing", body=f"Unlike {t.reference}."),
    "a guessed token": lambda t: letter(t.eve, "Re: Hello", fields(f"<{t.ours[:32]}.0123456789abcdef@example.test>")),
    "the token of another letter": lambda t: letter(t.eve, "Re: Hello", fields(f"<{t.ours[:-29]}.{t.foreign[-29:]}>")),
    "half a token": lambda t: letter(t.eve, "Re: Hello", fields(f"<{t.ours.partition('@')[0][:-4]}@example.test>")),
    "a guessed id of the server": lambda t: letter(t.eve, "Re: Hello", fields(f"<0{t.reported[1:]}>")),
    "Outlook's Thread-Index and Thread-Topic alone": lambda t: letter(t.eve, "Re: Hello", fields(Thread_Index="AQ", Thread_Topic="Hello")),
    "our subject, of a stranger": lambda t: letter(t.eve, "Re: Your message has arrived"),
    "any reply without a key": lambda t: letter(t.sender, "Re: your request"),
    "our subject, of another person at the same address": lambda t: letter(
        t.sender.replace("Jo Doe", "Mia Doe"), "Re: Your message has arrived"
    ),
}


@pytest.mark.parametrize("way", JOINS)
def test_joins_by(post: Bench, way: str) -> None:
    case = thread(post)
    filed = take(post, JOINS[way](case))
    assert (filed.filing, filed.reference) == (Filing.JOINED, case.reference)


@pytest.mark.parametrize("way", OPENS)
def test_never_joins_by(post: Bench, way: str) -> None:
    case = thread(post)
    before = journal(post, case.reference)
    filed = take(post, OPENS[way](case), Intent.ERASURE)
    assert filed.filing is Filing.OPENED
    assert journal(post, case.reference) == before
    told = [notice.payload for notice in notices(post, "acknowledgement") if notice.key.endswith(filed.reference or "none")]
    assert case.reference not in str(told)  # neither this letter's subject nor its text tells that the other ticket exists


def test_a_stranger_who_names_a_ticket_is_pointed_out_to_staff_alone(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)
    filed = take(any_bench, letter(EVE, f"Re: [{reference}]"), Intent.ERASURE)
    assert the_ticket(any_bench, filed.reference or "").warnings == [f"names {reference}, but its sender has no part in that"]
    assert the_ticket(any_bench, reference).warnings == []
    assert reference not in str([notice.payload for notice in notices(any_bench, "acknowledgement")][-1])


def test_a_letter_is_known_by_the_id_its_server_reported(any_bench: Bench) -> None:
    any_bench.letters.reported = lambda _: any_bench.app.office.vault.digest("<ID1@prod.outlook.example>")
    reference = opened(any_bench, Intent.ACCESS)
    any_bench.app.deliver()
    filed = take(any_bench, letter("Jo Doe <jo@home.example>", "Re: Hello", fields("<ID1@prod.outlook.example>")))
    assert (filed.filing, filed.reference) == (Filing.JOINED, reference)


class TestOneWhoAskedMoreThanOnce:
    """Without a key nobody guesses which of two tickets is meant, be one of them closed."""

    def answer(self, bench: Bench, *intents: Intent) -> Filed:
        return take(bench, letter("Jo Doe <jo@home.example>", "Re: Your message has arrived"), *intents)

    def test_gets_a_new_ticket_that_names_the_open_ones(self, any_bench: Bench) -> None:
        first = opened(any_bench, Intent.ACCESS)
        second = opened(any_bench, Intent.ERASURE, number=2)
        filed = self.answer(any_bench)
        assert filed.filing is Filing.OPENED
        assert the_ticket(any_bench, filed.reference or "").warnings == [f"the same sender has an open ticket: {first}, {second}"]

    def test_gets_a_new_ticket_also_when_the_other_is_closed(self, bench: Bench) -> None:
        close(bench, opened(bench, Intent.ERASURE), erasure="fulfilled", letter=False)
        opened(bench, Intent.ACCESS, number=2)
        assert self.answer(bench).filing is Filing.OPENED

    def test_is_not_put_aside_when_the_mail_seems_to_ask_nothing(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ACCESS)
        opened(any_bench, Intent.ERASURE, number=2)
        letters = len(notices(any_bench, "acknowledgement"))
        filed = take(any_bench, mail("My number is 4711.", number=3, subject="Number"), Intent.OTHER)
        assert filed.filing is Filing.OPENED
        assert len(notices(any_bench, "acknowledgement")) == letters
        any_bench.app.act("reclassify", filed.reference or "", "U1", intents=["objection"], regime="eu_gdpr")
        assert len(notices(any_bench, "acknowledgement")) == letters + 1, "a colleague says that it asks for something after all"


def test_a_mail_that_asks_nothing_joins_the_only_ticket_of_its_sender_and_says_so(any_bench: Bench) -> None:
    reference = opened(any_bench, Intent.ACCESS)
    filed = take(any_bench, mail("My number is 4711.", number=3, subject="Number"), Intent.OTHER)
    assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
    assert the_ticket(any_bench, reference).warnings == ["a mail that names no ticket was added: it is the sender's only one"]


class TestReply:
    def test_to_our_letter_joins(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        filed = take(any_bench, reply(to=our_message_id(any_bench), subject="Something else entirely"))
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        ticket = the_ticket(any_bench, reference)
        assert len([message for message in ticket.messages if message.direction == "in"]) == 2
        assert ticket.warnings == []
        assert [notice.kind for notice in notices(any_bench, "note")] == ["note"]

    def test_to_our_letter_from_another_address_joins_warned_and_unanswered(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        filed = take(any_bench, reply(to=our_message_id(any_bench), sender=EVE))
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        assert "another address" in filed.answer
        assert the_ticket(any_bench, reference).warnings == ["a message came from another address"]
        assert notices(any_bench, "follow-up") == []

    def test_to_the_requesters_own_mail_joins(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        assert take(any_bench, reply(to="<m1@home.example>")).reference == reference

    def test_of_a_stranger_to_the_requesters_mail_opens_a_ticket_of_its_own(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        filed = take(any_bench, reply(to="<m1@home.example>", sender=EVE), Intent.ACCESS)
        assert filed.filing is Filing.OPENED
        assert filed.reference != reference

    def test_with_our_reference_in_the_subject_joins_from_a_participant(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        again = mail("Any news?", subject=f"AW: your letter [{reference.lower()}]", sender="JO@HOME.example", number=2)
        assert take(any_bench, again).reference == reference

    def test_with_a_guessed_reference_opens_a_ticket_of_its_own(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        guessed = mail("Any news?", subject=f"Re: [{reference}]", sender=EVE, number=2)
        filed = take(any_bench, guessed, Intent.ACCESS)
        assert filed.filing is Filing.OPENED
        assert len(the_ticket(any_bench, reference).messages) == 2  # the request and its acknowledgement

    def test_is_told_to_the_handler(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("claim", reference, "U7")
        take(bench, reply(to=our_message_id(bench)))
        assert [notice.payload and notice.payload.get("mention") for notice in notices(bench, "note")] == [None, "U7"]

    def test_that_could_not_be_read_warns_on_the_card(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        raw = reply("x", to=our_message_id(bench)).replace(
            b"text/plain; charset=utf-8", b"application/pkcs7-mime; smime-type=enveloped-data"
        )
        take(bench, raw)
        assert "encrypted" in the_ticket(bench, reference).warnings


class TestSlack:
    POST = {"channel": "C0INTAKE", "user": "U5", "ts": "1795424400.000100"}  # noqa: RUF012

    def test_post_opens_a_ticket_and_is_answered_in_its_thread(self, any_bench: Bench) -> None:
        event = {**self.POST, "text": "A customer phoned, <mailto:kim@home.example|kim@home.example> wants her data deleted."}
        filed = take_slack(any_bench, event, Intent.ERASURE)
        ticket = the_ticket(any_bench, filed.reference or "")
        assert (ticket.source, ticket.requester) == ("slack", "kim@home.example")
        any_bench.app.deliver()
        [answer] = any_bench.slack.of_kind("answer")
        assert (answer.payload["channel"], answer.payload["thread_ts"]) == ("C0INTAKE", "1795424400.000100")
        assert ticket.reference in answer.payload["text"]
        assert any_bench.letters.sent == []

    def test_same_post_is_known_the_second_time(self, any_bench: Bench) -> None:
        event = {**self.POST, "text": "Somebody wants her data deleted."}
        take_slack(any_bench, event, Intent.ERASURE)
        assert take_slack(any_bench, event, Intent.ERASURE).filing is Filing.KNOWN
        assert len(rows(any_bench, Ticket)) == 1

    def test_thread_reply_joins_and_may_name_the_requester(self, any_bench: Bench) -> None:
        filed = take_slack(any_bench, {**self.POST, "text": "Somebody wants her data deleted."}, Intent.ERASURE)
        later = {**self.POST, "ts": "1795424460.000200", "thread_ts": self.POST["ts"], "text": "It is kim@home.example"}
        joined = take_slack(any_bench, later)
        assert (joined.filing, joined.reference) == (Filing.JOINED, filed.reference)
        ticket = the_ticket(any_bench, filed.reference or "")
        assert (ticket.requester, ticket.warnings) == ("kim@home.example", [CONFIRM_POST])
        assert [event.actor for event in ticket.events if event.kind == "message_joined"] == ["slack:U5"]

    def test_thanks_below_a_closed_ticket_does_not_reopen_it(self, bench: Bench) -> None:
        reference = take_slack(bench, {**self.POST, "text": "Somebody wants her data deleted."}, Intent.ERASURE).reference or ""
        close(bench, reference, erasure="fulfilled", letter=False)
        take_slack(bench, {**self.POST, "ts": "1795424460.000200", "thread_ts": self.POST["ts"], "text": "Great, thanks!"})
        assert the_ticket(bench, reference).is_closed
