"""Posts that are edited or deleted in Slack: the ticket learns of it, keeps what was said before, and drops no right by itself."""

from typing import Any

import pytest

from bot.desk import Refused
from bot.intake import Filing
from bot.posted import CONFIRM_POST, NO_ADDRESS
from intents.catalog import Intent
from models import Message, Ticket
from tests.builders import Bench
from tests.filing import close, delete_slack, edit_slack, journal, notices, rows, take_slack, the_ticket

POST: dict[str, Any] = {"channel": "C0INTAKE", "user": "U5", "ts": "1795424400.000100", "text": "A caller wants her data deleted."}
LATER, LAST = "1795424500.000000", "1795424600.000000"


def opened(bench: Bench, *intents: Intent, **post: Any) -> str:
    return take_slack(bench, {**POST, **post}, *intents).reference or ""


def whispered(bench: Bench) -> list[str]:
    """What the bot said in the threads of the intake channel."""
    return [str(notice.payload["text"]) for notice in notices(bench, "answer") if notice.payload]


class TestEditedPost:
    def test_has_the_new_words_and_keeps_the_old_ones(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ERASURE)
        assert edit_slack(any_bench, POST, "She wants everything deleted.", Intent.ERASURE, edited=LATER).filing is Filing.EDITED
        ticket = the_ticket(any_bench, reference)
        assert [message.text for message in ticket.messages] == ["She wants everything deleted.", POST["text"]]
        shown = any_bench.app.look(reference, "U1")["messages"]
        assert [message["direction"] for message in shown] == ["received", "as it was before it was edited"]
        assert "post_edited" in journal(any_bench, reference)
        assert POST["text"] not in str([event.detail for event in ticket.events])

    def test_that_asks_for_more_or_less_says_so_and_changes_no_request(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ERASURE)
        edit_slack(any_bench, POST, "No, she wants a copy.", Intent.ACCESS, edited=LATER)
        ticket = the_ticket(any_bench, reference)
        assert [request.intent for request in ticket.requests] == ["erasure"]
        assert "the edited post no longer asks for: erasure; nothing was closed" in ticket.warnings
        assert "the edited post may also ask for: access" in ticket.warnings
        [note] = [notice for notice in notices(any_bench, "note") if notice.payload and "was edited" in notice.payload["text"]]
        assert note.payload and "copy" not in note.payload["text"]

    def test_that_goes_back_to_what_it_was_warns_no_more(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ERASURE)
        edit_slack(bench, POST, "No, she wants a copy.", Intent.ACCESS, edited=LATER)
        edit_slack(bench, POST, POST["text"], Intent.ERASURE, edited=LAST)
        assert the_ticket(bench, reference).warnings == [NO_ADDRESS]

    def test_that_makes_an_unclear_one_clear_proposes_it(self, bench: Bench) -> None:
        reference = opened(bench)
        edit_slack(bench, POST, "She wants a copy.", Intent.ACCESS, edited=LATER)
        ticket = the_ticket(bench, reference)
        assert ticket.unclear and "the edited post seems to ask for: access" in ticket.warnings

    def test_that_becomes_unclear_keeps_its_requests(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ERASURE)
        edit_slack(bench, POST, "Hm.", edited=LATER)
        ticket = the_ticket(bench, reference)
        assert not ticket.unclear and "the edited post leaves unclear what is asked" in ticket.warnings

    def test_that_names_the_requester_ends_the_question(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ERASURE)
        edit_slack(any_bench, POST, f"{POST['text']} It is kim@home.example", Intent.ERASURE, edited=LATER)
        ticket = the_ticket(any_bench, reference)
        assert (ticket.requester, ticket.warnings) == ("kim@home.example", [CONFIRM_POST])

    def test_twice_told_or_overtaken_by_a_later_one_changes_nothing(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ERASURE)
        edit_slack(any_bench, POST, "The last words.", Intent.ERASURE, edited=LAST)
        for text, edited in (("The last words.", LAST), ("The words between.", LATER)):
            assert edit_slack(any_bench, POST, text, Intent.ACCESS, edited=edited).filing is Filing.KNOWN
        assert the_ticket(any_bench, reference).messages[0].text == "The last words."
        assert len(rows(any_bench, Message)) == 2

    def test_that_had_asked_nothing_opens_its_ticket(self, any_bench: Bench) -> None:
        assert take_slack(any_bench, POST, Intent.OTHER).filing is Filing.NOISE
        edit_slack(any_bench, POST, "Lunch at noon?", Intent.OTHER, edited=LATER)
        assert rows(any_bench, Ticket) == []
        filed = edit_slack(any_bench, POST, "She wants her data deleted.", Intent.ERASURE, edited=LAST)
        ticket = the_ticket(any_bench, filed.reference or "")
        assert filed.filing is Filing.OPENED and [request.intent for request in ticket.requests] == ["erasure"]
        assert any("set the true receipt" in warning for warning in ticket.warnings)

    def test_that_comes_before_the_post_itself_is_filed_once(self, bench: Bench) -> None:
        bench.app.mark("slack-intake:C0INTAKE", "1795424400.000000")
        edit_slack(bench, POST, "She wants everything deleted.", Intent.ERASURE, edited=LATER)
        assert take_slack(bench, POST, Intent.ERASURE).filing is Filing.KNOWN
        assert [message.text for message in rows(bench, Message)] == ["She wants everything deleted."]

    def test_of_before_the_bot_came_opens_nothing(self, bench: Bench) -> None:
        bench.app.mark("slack-intake:C0INTAKE", "1795999999.000000")
        assert edit_slack(bench, POST, "An old story, mended.", Intent.ERASURE, edited="1796000000.000000").filing is Filing.IGNORED
        assert rows(bench, Message) == []

    def test_in_the_thread_may_ask_for_more(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ERASURE)
        reply = {**POST, "ts": LATER, "thread_ts": POST["ts"], "text": "She will call again."}
        take_slack(bench, reply)
        edit_slack(bench, reply, "She wants a copy, too.", Intent.ACCESS, edited=LAST)
        assert "an edited post may also ask for: access" in the_ticket(bench, reference).warnings


class TestDeletedPost:
    def test_is_told_once_and_the_ticket_stays(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ERASURE)
        assert [delete_slack(any_bench, POST).filing for _ in range(2)] == [Filing.DELETED, Filing.KNOWN]
        ticket = the_ticket(any_bench, reference)
        assert not ticket.is_closed and ticket.messages[0].text == POST["text"]
        assert "the post that opened it was deleted in Slack: see whether the request stands" in ticket.warnings
        assert [(event.kind, event.actor) for event in ticket.events][-1] == ("post_deleted", "slack:U5")
        assert [n for n in notices(any_bench, "note") if n.payload and "deleted in Slack. The ticket stays" in n.payload["text"]] != []

    def test_that_opened_nothing_is_nothing(self, bench: Bench) -> None:
        assert delete_slack(bench, POST).filing is Filing.IGNORED

    def test_in_the_thread_is_told_as_such(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ERASURE)
        reply = {**POST, "ts": LATER, "thread_ts": POST["ts"], "text": "She wants a copy, too."}
        take_slack(bench, reply, Intent.ACCESS)
        delete_slack(bench, reply)
        assert "a post in its thread was deleted in Slack: see whether the request stands" in the_ticket(bench, reference).warnings


class TestRequester:
    def test_is_asked_for_in_the_thread_when_nobody_is_named(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ERASURE)
        assert the_ticket(any_bench, reference).warnings == [NO_ADDRESS]
        [answer] = whispered(any_bench)
        assert reference in answer and "Whose request is it?" in answer

    @pytest.mark.parametrize(
        "text", ["kim@home.example or lou@home.example wants to be deleted.", "Sent to privacy@example.test by a caller."]
    )
    def test_is_asked_for_when_several_or_only_we_are_named(self, bench: Bench, text: str) -> None:
        assert the_ticket(bench, opened(bench, Intent.ERASURE, text=text)).requester is None
        assert "Whose request is it?" in whispered(bench)[0]

    @pytest.mark.parametrize(
        "text", ["kim@home.example wants to be deleted. Ask me: ann@example.test", "Please delete <mailto:kim@home.example|her>."]
    )
    def test_is_the_one_outsider(self, bench: Bench, text: str) -> None:
        assert the_ticket(bench, opened(bench, Intent.ERASURE, text=text)).requester == "kim@home.example"
        assert "Whose request" not in whispered(bench)[0]

    def test_may_be_a_colleague(self, bench: Bench) -> None:
        assert the_ticket(bench, opened(bench, Intent.ACCESS, text="ann@example.test wants her file.")).requester == "ann@example.test"

    def test_gets_no_letter_before_a_colleague_confirms(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ERASURE)
        take_slack(any_bench, {**POST, "ts": LATER, "thread_ts": POST["ts"], "text": "It is kim@home.example"})
        assert "requester_learned" in journal(any_bench, reference) and "address is noted" in whispered(any_bench)[-1]
        assert "kim@" not in str(whispered(any_bench))
        any_bench.app.act("reclassify", reference, "U1", intents=["erasure"], regime="eu_gdpr")
        assert notices(any_bench, "acknowledgement") == []
        any_bench.app.act("confirm_sender", reference, "U1")
        [letter] = notices(any_bench, "acknowledgement")
        assert letter.payload and letter.payload["to"] == "kim@home.example"
        assert the_ticket(any_bench, reference).warnings == []

    def test_without_address_can_not_be_confirmed_but_written_down(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ERASURE)
        with pytest.raises(Refused, match="no address is known"):
            bench.app.act("confirm_sender", reference, "U1")
        at = the_ticket(bench, reference).received_at
        bench.app.act("correct_sender", reference, "U1", address="kim@home.example", received_at=at)
        assert the_ticket(bench, reference).warnings == [] and len(notices(bench, "acknowledgement")) == 1

    def test_is_not_replaced_by_another_address_of_the_thread(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ERASURE, text="kim@home.example wants to be deleted.")
        take_slack(bench, {**POST, "ts": LATER, "thread_ts": POST["ts"], "text": "Sorry, lou@home.example"})
        ticket = the_ticket(bench, reference)
        assert ticket.requester == "kim@home.example"
        assert "another address was named in the Slack thread: see whose request it is" in ticket.warnings


class TestFiles:
    def test_are_noted_by_name_and_stay_in_slack(self, any_bench: Bench) -> None:
        files = [{"id": "F1", "name": "*passport*\n<!here>.pdf", "mimetype": "application/pdf", "size": 90_000, "url_private": "https://x"}]
        reference = opened(any_bench, Intent.ACCESS, files=files)
        [message] = the_ticket(any_bench, reference).messages
        assert [(file.name, file.content) for file in message.attachments] == [("*passport* <!here>.pdf", b"")]
        assert any_bench.app.look(reference, "U1")["messages"][0]["files"] == "*passport* <!here>.pdf (in Slack)"
        assert "files left in Slack" in the_ticket(any_bench, reference).warnings

    def test_a_message_that_was_passed_on_is_read(self, bench: Bench) -> None:
        shared = [{"is_share": True, "text": "I am kim@home.example, delete my data."}, {"is_msg_unfurl": True, "text": "just a link"}]
        [message] = the_ticket(bench, opened(bench, Intent.ERASURE, text="", attachments=shared)).messages
        assert message.text == "I am kim@home.example, delete my data."


def test_the_threads_that_are_followed_are_those_of_open_and_lately_closed_tickets(bench: Bench) -> None:
    opened(bench, Intent.ERASURE)
    closed = opened(bench, Intent.ACCESS, ts=LATER)
    close(bench, closed, access="fulfilled", letter=False)
    assert sorted(bench.app.open_threads("C0INTAKE")) == [POST["ts"], LATER]
    assert bench.app.open_threads("C0OTHER") == []
    bench.clock.at += 3 * bench.app.config.threads.reopen_within
    assert bench.app.open_threads("C0INTAKE") == [POST["ts"]]


def test_the_app_follows_edits_and_deletions_as_slack_tells_them(bench: Bench) -> None:
    text = "Kim, kim@home.example, wants all her personal data deleted under article 17 GDPR."
    reference = bench.app.take_in_slack({**POST, "text": text}).reference or ""
    message = {**POST, "text": text.replace("Kim,", "Kim Roe,"), "edited": {"user": "U5", "ts": LATER}}
    bench.app.take_in_slack({"subtype": "message_changed", "channel": "C0INTAKE", "ts": LATER, "message": message})
    bench.app.take_in_slack({"subtype": "message_deleted", "channel": "C0INTAKE", "ts": LAST, "deleted_ts": POST["ts"]})
    assert bench.app.take_in_slack({**POST, "bot_id": "B1"}).filing is Filing.IGNORED
    assert [kind for kind in journal(bench, reference) if kind.startswith("post_")] == ["post_edited", "post_deleted"]


def test_an_edit_that_breaks_us_is_held_in_its_ticket(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = bench.app.take_in_slack(POST).reference or ""

    def breaks(subject: str, text: str) -> Any:
        raise ZeroDivisionError(text)

    monkeypatch.setattr(bench.app._classifier, "predict", breaks)
    message = {**POST, "text": "poison", "edited": {"user": "U5", "ts": LATER}}
    filed = bench.app.take_in_slack({"subtype": "message_changed", "channel": "C0INTAKE", "ts": LATER, "message": message})
    assert (filed.filing, filed.reference) == (Filing.JOINED, reference)
    assert "held: ZeroDivisionError" in the_ticket(bench, reference).warnings


