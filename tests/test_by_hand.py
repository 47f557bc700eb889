"""By hand: a request that came by phone or letter, or stands in a Slack message, opens one ticket with the true clock."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.by_hand import Slip
from bot.desk import Refused
from intents.catalog import Intent
from models import Message, Suppression, Ticket
from tests.builders import MONDAY, Bench
from tests.filing import JO, journal, notices, opened, rows, take_slack, the_ticket

FRIDAY = MONDAY - timedelta(days=3)
CALL = Slip(
    form="V1", source="phone", intents=["access", "erasure"], regime="eu_gdpr", language="de", received_at=FRIDAY, name="Jo Doe",
    address="", text="She wants to know what we have, and then all of it gone.", acknowledge=False,
)  # fmt: skip
POST = replace(CALL, source="slack", channel="C0SALES", ts="1795424400.000100", text="Jo wants her data gone")


def open_ticket(bench: Bench, slip: Slip = CALL, user: str = "U1") -> Ticket:
    bench.app.act("open_by_hand", "", user, slip=slip)
    return the_ticket(bench, rows(bench, Ticket)[-1].reference)


def lines(bench: Bench) -> list[dict[str, Any]]:
    bench.app.deliver()
    return [dict(parcel.payload) for parcel in bench.slack.of_kind("line")]


class TestCall:
    def test_opens_a_ticket_from_its_true_receipt(self, any_bench: Bench) -> None:
        ticket = open_ticket(any_bench)
        assert (ticket.source, ticket.received_at, ticket.language, ticket.unclear) == ("phone", FRIDAY, "de", False)
        assert {(request.intent, request.due_on) for request in ticket.requests} == {
            ("access", date(2026, 12, 21)), ("erasure", date(2026, 12, 21)),
        }  # fmt: skip
        assert (ticket.requester, ticket.requester_name) == (None, "Jo Doe")
        [message] = any_bench.app.look(ticket.reference, "U2")["messages"]
        assert message["text"] == CALL.text

    def test_is_shown_to_the_desk_and_told_to_the_colleague(self, bench: Bench) -> None:
        ticket = open_ticket(bench)
        assert [(line["channel"], line["text"]) for line in lines(bench)] == [("U1", f"You opened *{ticket.reference}*.")]
        assert bench.slack.of_kind("card")[-1].payload["card"]["source"] == "phone"
        assert bench.slack.of_kind("note")[-1].payload["by"] == "slack:U1"
        assert bench.letters.sent == []
        [line] = [event for event in ticket.events if event.kind == "opened_by_hand"]
        assert line.actor == "slack:U1" and "Jo" not in str(line.detail)

    def test_is_acknowledged_only_to_an_address_and_only_if_wished(self, any_bench: Bench) -> None:
        ticket = open_ticket(any_bench, replace(CALL, address=" Jo@Home.example ", acknowledge=True))
        any_bench.app.deliver()
        [letter] = any_bench.letters.of_kind("acknowledgement")
        assert (letter.payload["to"], letter.payload["language"]) == (JO, "de")
        assert "20.11.2026" in letter.payload["text"] or "20. November 2026" in letter.payload["text"]
        open_ticket(any_bench, replace(CALL, form="V2", address=JO))
        assert len(notices(any_bench, "acknowledgement")) == 1
        assert f"the same sender has an open ticket: {ticket.reference}" in rows(any_bench, Ticket)[-1].warnings

    def test_sent_twice_is_one_ticket(self, any_bench: Bench) -> None:
        ticket = open_ticket(any_bench)
        with pytest.raises(Refused, match=f"already: {ticket.reference}"):
            open_ticket(any_bench)
        assert len(rows(any_bench, Ticket)) == 1

    def test_that_objects_to_marketing_takes_effect_at_once(self, bench: Bench) -> None:
        open_ticket(bench, replace(CALL, intents=["unsubscribe"], address=JO))
        assert [row.address for row in rows(bench, Suppression)] == [JO]

    def test_about_a_breach_alarms_the_desk(self, bench: Bench) -> None:
        open_ticket(bench, replace(CALL, intents=["breach_report"]))
        assert any("breach report. Please look now." in line["text"] for line in lines(bench))

    def test_can_be_changed_closed_and_merged_as_any_other(self, bench: Bench) -> None:
        ticket, mailed = open_ticket(bench), opened(bench, Intent.ACCESS)
        bench.app.act("reclassify", ticket.reference, "U1", intents=["erasure"], regime="uk_gdpr")
        bench.app.act("merge", ticket.reference, "U1", into=mailed, same_person=True)
        assert the_ticket(bench, mailed).received_at == FRIDAY

    @pytest.mark.parametrize(
        ("wrong", "field", "words"),
        [
            ({"intents": []}, "intents", "Choose what is asked"),
            ({"intents": ["other", "access"]}, "intents", "stands alone"),
            ({"intents": ["supper"]}, "intents", "Allowed are"),
            ({"received_at": MONDAY + timedelta(hours=1)}, "at", "future"),
            ({"received_at": MONDAY - timedelta(days=1_200)}, "at", "slip"),
            ({"address": "jo at home"}, "address", "jo@example.org"),
            ({"address": "privacy@example.test"}, "address", "our own mailbox"),
            ({"acknowledge": True}, "address", "needs a mail address"),
            ({"acknowledge": True, "address": JO, "intents": ["authority"]}, "letter", "by a person"),
            ({"regime": "moon"}, "regime", "not a regime"),
            ({"source": "pigeon"}, "source", "Allowed are phone"),
        ],
    )
    def test_with_a_slip_of_the_pen_is_refused_at_its_field(self, bench: Bench, wrong: dict[str, Any], field: str, words: str) -> None:
        with pytest.raises(Refused, match=words) as refusal:
            open_ticket(bench, replace(CALL, **wrong))
        assert refusal.value.field == field
        assert rows(bench, Ticket) == []


class TestPost:
    def test_keeps_where_it_stands(self, bench: Bench) -> None:
        ticket = open_ticket(bench, POST)
        [message] = rows(bench, Message)
        assert (message.slack_channel, message.slack_ts) == ("C0SALES", "1795424400.000100")
        assert lines(bench)[-1]["text"] == f"You opened *{ticket.reference}* from a message in <#C0SALES>."
        assert bench.slack.of_kind("answer") == []  # in that channel the bot may be a stranger

    def test_a_second_time_names_the_ticket(self, any_bench: Bench) -> None:
        ticket = open_ticket(any_bench, POST)
        with pytest.raises(Refused, match=ticket.reference):
            any_bench.app.show("blank", "U2", channel=POST.channel, ts=POST.ts)
        with pytest.raises(Refused, match=ticket.reference):
            open_ticket(any_bench, replace(POST, form="V2"))

    def test_of_the_intake_channel_that_is_a_ticket_names_it(self, bench: Bench) -> None:
        post = {"channel": "C0INTAKE", "ts": "1795424400.000100", "user": "U5", "text": "Caller jo@home.example wants her data erased"}
        reference = take_slack(bench, post, Intent.ERASURE).reference
        assert reference
        with pytest.raises(Refused, match=reference):
            bench.app.show("blank", "U2", channel="C0INTAKE", ts=post["ts"])

    def test_of_the_intake_channel_is_answered_in_its_thread_and_followed(self, bench: Bench) -> None:
        ticket = open_ticket(bench, replace(POST, channel="C0INTAKE"))
        bench.app.deliver()
        assert bench.slack.of_kind("answer")[-1].payload["thread_ts"] == POST.ts
        more = {"channel": "C0INTAKE", "ts": "1795424500.000100", "thread_ts": POST.ts, "user": "U5", "text": "and a copy"}
        assert take_slack(bench, more, Intent.ACCESS).reference == ticket.reference
        assert "message_joined" in journal(bench, ticket.reference)

    def test_with_files_says_where_they_are(self, bench: Bench) -> None:
        assert "files left in Slack" in open_ticket(bench, replace(POST, has_files=True)).warnings
