"""Joining: what a further message does to its ticket: wakes it, makes it urgent, or changes nothing but the journal."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bot.intake import Filing
from intents.catalog import Intent
from models import Message, Status, Ticket
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, close, journal, notices, opened, our_message_id, reply, rows, take, the_ticket
from tests.outboxes import run_together
from tests.reminding import claimed, look, places, texts

DAY = timedelta(days=1)
THANKS = "Thank you very much!"


class TestRestingTicket:
    def test_closed_is_reopened_by_a_reply(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        close(any_bench, reference, access="fulfilled", letter=False)
        take(any_bench, reply(to=our_message_id(any_bench)))
        ticket = the_ticket(any_bench, reference)
        assert ticket.status == Status.OPEN
        assert [(request.outcome, request.due_on) for request in ticket.requests] == [(None, date(2026, 12, 23))]
        assert ticket.due_at is not None

    def test_waiting_is_taken_up_again_but_its_pause_ends_only_by_a_person(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.app.act("ask", reference, "U1", about="id", question="")
        take(any_bench, reply("My passport.", to=our_message_id(any_bench)))
        ticket = the_ticket(any_bench, reference)
        assert (ticket.status, ticket.due_at) == (Status.OPEN, None)
        any_bench.app.act("id_received", reference, "U1")
        assert the_ticket(any_bench, reference).due_at is not None


class TestSecondLetter:
    def test_in_the_same_words_joins_and_keeps_the_first_date(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.clock.at = MONDAY + timedelta(days=9)
        filed = take(any_bench, mail("Please see to it.", number=2, subject="Reminder"), Intent.ACCESS)
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        ticket = the_ticket(any_bench, reference)
        assert ticket.requests[0].due_on == date(2026, 12, 23)
        assert ticket.warnings == ["second letter: the same sender asked again, in the same words"]

    def test_on_the_same_matter_is_linked_and_the_first_keeps_its_date(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        any_bench.clock.at = MONDAY + timedelta(days=9)
        filed = take(any_bench, mail("I asked you before.", number=2, subject="Reminder"), Intent.ACCESS)
        assert filed.filing is Filing.OPENED and filed.reference
        first, second = the_ticket(any_bench, reference), the_ticket(any_bench, filed.reference)
        assert first.requests[0].due_on == date(2026, 12, 23)
        assert first.warnings == [f"second letter: the same sender asked again, see {filed.reference}"]
        assert second.warnings == [f"second letter: the same sender asked for this before, see {reference}"]

    def test_of_an_agent_for_one_client_after_the_other_never_merges_them(self, any_bench: Bench) -> None:
        agent = "Acme Deletions <req@acme.example>"
        filed = [take(any_bench, mail(f"Erase client {n}.", sender=agent, number=n), Intent.ERASURE) for n in range(1, 6)]
        assert len({f.reference for f in filed}) == 5

    def test_on_another_matter_opens_a_ticket(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ACCESS)
        assert take(any_bench, mail("And now delete it.", number=2), Intent.ERASURE).filing is Filing.OPENED

    def test_after_the_first_was_closed_opens_a_ticket(self, bench: Bench) -> None:
        close(bench, opened(bench, Intent.ACCESS), access="fulfilled", letter=False)
        assert take(bench, mail("Once more, please.", number=2), Intent.ACCESS).filing is Filing.OPENED

    def test_for_another_person_from_the_same_address_opens_a_ticket(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS, sender="Jo Doe <family@home.example>")
        other = mail("I want mine, too.", number=2, sender="Mia Doe <family@home.example>")
        assert take(bench, other, Intent.ACCESS).filing is Filing.OPENED

    @pytest.mark.parametrize("name", ["", '"Doe, Jo" ', "Jo "])
    def test_of_the_same_person_under_a_shorter_name_is_known_as_such(self, bench: Bench, name: str) -> None:
        reference = opened(bench, Intent.ACCESS)
        filed = take(bench, mail("Again.", number=2, sender=f"{name}<{JO}>"), Intent.ACCESS)
        assert the_ticket(bench, filed.reference or "").warnings == [
            f"second letter: the same sender asked for this before, see {reference}"
        ]


class TestReplyAfterClosing:
    def closed(self, bench: Bench, later: timedelta) -> str:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("claim", reference, "U7")
        close(bench, reference, access="fulfilled")
        bench.clock.at = MONDAY + later
        return reference

    def test_reopens_up_to_the_last_day(self, any_bench: Bench) -> None:
        reference = self.closed(any_bench, 30 * DAY)
        filed = take(any_bench, reply(to=our_message_id(any_bench)))
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        assert not the_ticket(any_bench, reference).is_closed

    def test_later_opens_a_ticket_and_both_say_so(self, any_bench: Bench) -> None:
        reference = self.closed(any_bench, 31 * DAY)
        filed = take(any_bench, reply(to=our_message_id(any_bench), subject=f"Re: Your message [{reference}]"))
        assert filed.filing is Filing.OPENED and filed.reference
        first, second = the_ticket(any_bench, reference), the_ticket(any_bench, filed.reference)
        assert first.is_closed
        assert first.warnings == [f"a late reply came: {filed.reference}"]
        assert second.warnings == [f"a late reply to {reference}, which was closed"]
        assert [notice.payload and notice.payload.get("mention") for notice in notices(any_bench, "note")][-1] == "U7"

    def test_later_is_acknowledged_under_the_new_number_alone(self, bench: Bench) -> None:
        reference = self.closed(bench, 31 * DAY)
        filed = take(bench, reply(to=our_message_id(bench), subject=f"Re: Your message [{reference}]"), Intent.ERASURE)
        payload = notices(bench, "acknowledgement")[-1].payload
        assert payload and filed.reference in payload["subject"]
        assert reference not in payload["subject"] + payload["text"]

    @pytest.mark.parametrize("way", ["the new letter", "the old letter", "the old number", "all of the thread"])
    def test_later_leads_the_next_reply_to_the_new_ticket(self, bench: Bench, way: str) -> None:
        reference = self.closed(bench, 31 * DAY)
        old = our_message_id(bench)
        filed = take(bench, reply(to=old), Intent.ERASURE)
        new = our_message_id(bench)
        headers = {
            "the new letter": f"In-Reply-To: {new}\n", "the old letter": f"In-Reply-To: {old}\n", "the old number": "",
            "all of the thread": f"References: {old} <m2@home.example> {new}\n",
        }[way]  # fmt: skip
        subject = f"Re: [{reference}]" if way == "the old number" else "Re: Hello"
        bench.clock.at += 40 * DAY
        again = take(bench, mail("And?", number=9, subject=subject, headers=headers))
        assert (again.filing, again.reference) == (Filing.JOINED, filed.reference)
        assert the_ticket(bench, reference).is_closed

    def test_reopens_when_it_came_in_time_and_the_bot_was_down(self, bench: Bench) -> None:
        reference = self.closed(bench, 40 * DAY)
        assert take(bench, reply(to=our_message_id(bench)), at=MONDAY + 29 * DAY).reference == reference

    def test_within_the_time_that_the_config_says(self, tmp_path: object) -> None:
        bench = Bench(f"sqlite:///{tmp_path}/short.db", threads={"reopen_within": "2d"})
        reference = self.closed(bench, 3 * DAY)
        assert take(bench, reply(to=our_message_id(bench))).reference != reference
        bench.close()

    @pytest.mark.parametrize("later", [DAY, 90 * DAY])
    def test_that_only_thanks_is_shown_to_the_handler_and_reopens_nothing(self, any_bench: Bench, later: timedelta) -> None:
        reference = self.closed(any_bench, later)
        filed = take(any_bench, reply(THANKS, to=our_message_id(any_bench)), Intent.OTHER)
        ticket = the_ticket(any_bench, reference)
        assert (filed.filing, filed.reference, ticket.is_closed) == (Filing.JOINED, reference, True)
        assert ticket.warnings == ["a reply came after closing; it seems to ask nothing"]
        note = notices(any_bench, "note")[-1].payload
        assert note and note["mention"] == "U7" and "after closing" in note["text"]
        assert [message.text for message in ticket.messages][-1] == THANKS
        assert notices(any_bench, "follow-up") == []

    @pytest.mark.parametrize("unsure", ["unclear", "asks", "file", "but"])
    def test_that_may_ask_for_something_reopens(self, bench: Bench, unsure: str) -> None:
        reference = self.closed(bench, DAY)
        raw = reply("Thanks, but a page is missing." if unsure == "but" else THANKS, to=our_message_id(bench))
        if unsure == "file":
            parts = "--b\r\nContent-Type: text/plain\r\n\r\nThanks!\r\n--b\r\nContent-Type: image/png; name=id.png\r\n\r\nx\r\n--b--"
            raw = raw.replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b").replace(THANKS.encode(), parts.encode())
        take(bench, raw, Intent.ACCESS if unsure == "asks" else Intent.OTHER, unclear=unsure == "unclear")
        assert not the_ticket(bench, reference).is_closed

    def test_that_only_thanks_reopens_where_no_desk_would_see_it(self, tmp_path: object) -> None:
        bench = Bench(f"sqlite:///{tmp_path}/mail-only.db", slack=False)
        reference = self.closed(bench, DAY)
        take(bench, reply(THANKS, to=our_message_id(bench)), Intent.OTHER)
        assert not the_ticket(bench, reference).is_closed
        bench.close()


class TestUrgency:
    def test_grows_with_each_further_letter(self, any_bench: Bench) -> None:
        first = claimed(any_bench, Intent.ACCESS)
        further = []
        for number in (2, 3):
            any_bench.clock.at += 5 * DAY
            further.append(take(any_bench, mail(f"Reminder {number}.", number=number), Intent.ACCESS).reference)
        assert the_ticket(any_bench, first).warnings == [f"third letter: the same sender asked again, see {further[1]}"]
        assert the_ticket(any_bench, further[1] or "").warnings == [f"third letter: the same sender asked for this before, see {first}"]
        lines = [notice.payload for notice in notices(any_bench, "note") if notice.key.startswith("again-")]
        assert [(line and line["mention"], line and line["text"]) for line in lines] == [
            ("U7", f"Second letter of the same sender: {further[0]}."), ("U7", f"Third letter of the same sender: {further[1]}."),
        ]  # fmt: skip
        any_bench.app.deliver()
        card = next(p.payload["card"] for p in reversed(any_bench.slack.of_kind("card")) if p.payload["card"]["reference"] == first)
        assert any("third letter" in warning for warning in card["warnings"])

    def test_tells_the_handler_of_an_unread_second_letter_and_the_desk_at_once(self, any_bench: Bench) -> None:
        claimed(any_bench, Intent.ACCESS)
        any_bench.clock.at += DAY
        take(any_bench, mail("Reminder.", number=2), Intent.ACCESS)
        any_bench.app.deliver()
        any_bench.slack.sent.clear()
        sent = look(any_bench, MONDAY + 2 * DAY)
        assert {"U7", "C0DESK"} <= set(places(sent))
        assert any("PRV-2026-00001" in line for line in texts(sent))

    def test_lifts_each_reminder_one_level(self, bench: Bench) -> None:
        reference = claimed(bench, Intent.ACCESS)
        bench.clock.at += DAY
        take(bench, mail("Please see to it.", number=2), Intent.ACCESS)  # the same words: it joins
        bench.app.look(reference, "U7")
        bench.app.deliver()
        bench.slack.sent.clear()
        assert set(places(look(bench, datetime(2026, 12, 9, 8, tzinfo=MONDAY.tzinfo)))) == {"U7", "C0DESK"}

    def test_grows_when_the_thread_reminds_us_but_not_by_an_addition_nor_an_answer(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        take(bench, reply("I forgot: my number is 1.", to="<m1@home.example>"), Intent.ACCESS)
        assert the_ticket(bench, reference).warnings == []
        bench.clock.at += 9 * DAY
        take(bench, reply("Where are my data?", to="<m1@home.example>", number=3), Intent.ACCESS)
        assert the_ticket(bench, reference).warnings == ["second letter: the same sender asked again, in this ticket"]
        bench.app.act("ask", reference, "U1", about="id", question="")
        bench.clock.at += 9 * DAY
        take(bench, reply("It is me, give me my data.", to="<m1@home.example>", number=4), Intent.ACCESS)
        assert the_ticket(bench, reference).warnings == ["second letter: the same sender asked again, in this ticket"]


LETTER = "I want to know what you hold about me.\n\nJo"
FOOTER = "\n_______________________________________________\nPrivacy mailing list\nPrivacy@lists.example.test"
BANNER = "CAUTION: This e-mail originated from outside of the organisation.\n\n"
COPIES: dict[str, Callable[[], bytes]] = {
    "a list's footer": lambda: mail(LETTER + FOOTER),
    "a tag in the subject": lambda: mail(LETTER, subject="[EXTERNAL] [privacy] My data"),
    "a gateway's warning": lambda: mail(BANNER + LETTER),
    "other spaces and Received lines": lambda: mail(LETTER.replace(" what", "  what"), headers="Received: from list.example\n"),
    "the Message-ID in capitals": lambda: mail(LETTER).replace(b"<m1@home.example>", b"<M1@HOME.EXAMPLE>"),
}


class TestSecondCopy:
    @pytest.mark.parametrize("change", COPIES)
    @pytest.mark.parametrize("turned", [False, True])
    def test_is_kept_and_counts_for_nothing(self, bench: Bench, change: str, turned: bool) -> None:
        pair = [mail(LETTER), COPIES[change]()]
        first, second = (take(bench, raw, Intent.ACCESS) for raw in (pair[::-1] if turned else pair))
        assert (first.filing, second.filing, second.reference) == (Filing.OPENED, Filing.COPY, first.reference)
        ticket = the_ticket(bench, first.reference or "")
        assert (len(rows(bench, Ticket)), ticket.warnings, journal(bench, ticket.reference)[-1]) == (1, [], "second_copy")
        assert [message.kind for message in rows(bench, Message) if message.direction == "in"] == ["person", "copy"]
        assert len(notices(bench, "acknowledgement")) == 1
        assert notices(bench, "follow-up") == notices(bench, "note") == []

    def test_does_not_reopen_what_was_closed_meanwhile(self, bench: Bench) -> None:
        reference = take(bench, mail(LETTER), Intent.ACCESS).reference or ""
        close(bench, reference, access="fulfilled", letter=False)
        take(bench, mail(LETTER + FOOTER), Intent.ACCESS)
        assert the_ticket(bench, reference).is_closed

    def test_that_came_straight_is_acknowledged_where_the_list_copy_was_not(self, bench: Bench) -> None:
        take(bench, mail(LETTER + FOOTER, headers="List-Id: <privacy.lists.example.test>\n"), Intent.ACCESS)
        assert notices(bench, "acknowledgement") == []
        assert take(bench, mail(LETTER), Intent.ACCESS).answer == "acknowledgement"
        assert [notice.payload and notice.payload["to"] for notice in notices(bench, "acknowledgement")] == [JO]

    def test_with_other_words_joins_as_a_message_and_warns(self, any_bench: Bench) -> None:
        reference = take(any_bench, mail(LETTER), Intent.ACCESS).reference
        filed = take(any_bench, mail(LETTER + " Doe, born in 1980."), Intent.ACCESS)
        assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
        warnings = the_ticket(any_bench, reference or "").warnings
        assert warnings == ["two mails with one Message-ID and different words: see whether they are two matters"]

    def test_is_not_what_a_broken_sender_gives_the_same_id(self, any_bench: Bench) -> None:
        first = take(any_bench, mail(LETTER), Intent.ACCESS)
        other_person = take(any_bench, mail("Erase me.", sender="Mia <mia@else.example>"), Intent.ERASURE)
        other_matter = take(any_bench, mail("Erase me.", subject="Deletion"), Intent.ERASURE)
        same_words = take(any_bench, mail(LETTER, sender="Kim <kim@else.example>"), Intent.ACCESS)
        assert len({filed.reference for filed in (first, other_person, other_matter, same_words)}) == 4

    def test_that_comes_at_the_same_moment_is_one_ticket(self, any_bench: Bench) -> None:
        copies = (mail(LETTER), mail(LETTER + FOOTER), mail(LETTER, subject="[EXTERNAL] My data"))
        run_together([lambda raw=raw: take(any_bench, raw, Intent.ACCESS) for raw in copies])  # type: ignore[misc]
        assert len(rows(any_bench, Ticket)) == 1
