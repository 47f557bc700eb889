"""Webhooks: what receivers are told of tickets, when, in which words, and what not."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intents.catalog import Intent
from models import Carrier, NoticeState
from tests.builders import Bench, mail, sqlite_url
from tests.filing import JO, close, notices, opened, reply, take

CRM = {"name": "crm", "url": "https://crm.example.test/hook"}


def events(bench: Bench, name: str = "crm") -> list[dict[str, Any]]:
    """What waits for a receiver, in order."""
    return [json.loads(notice.payload["body"]) for notice in notices(bench, name) if notice.payload]


@pytest.fixture
def bench(database: str) -> Iterator[Bench]:
    bench = Bench(database, webhooks=[CRM])
    yield bench
    bench.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(sqlite_url(tmp_path), webhooks=[CRM])
    yield bench
    bench.close()


def test_the_life_of_a_ticket_is_told_in_order_and_each_change_once(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS, Intent.ERASURE)
    bench.app.act("claim", reference, "U1")
    take(bench, reply(to="<m1@home.example>"), Intent.ACCESS)  # of the fields that are told it changes none
    close(bench, reference, access="fulfilled", letter=False)
    close(bench, reference, "Because.", erasure="refused")
    bench.app.act("reopen", reference, "U1")
    told = [(event["type"], event["status"], event["handler"], event["outcome"]) for event in events(bench)]
    assert told == [
        ("opened", "open", None, None), ("changed", "in_progress", "U1", None), ("changed", "in_progress", "U1", None),
        ("closed", "closed", "U1", "partly"), ("changed", "in_progress", "U1", None),
    ]  # fmt: skip
    ids = [event["id"] for event in events(bench)]
    assert ids == [f"webhook:crm:{reference}:{number}" for number in range(1, 6)]
    assert [notice.key for notice in notices(bench, "crm")] == ids
    assert {(notice.carrier, notice.lane) for notice in notices(bench, "crm")} == {(Carrier.WEBHOOK, f"webhook:crm:{reference}")}


def test_a_body_holds_what_is_asked_and_until_when_and_nothing_of_the_person(small: Bench) -> None:
    reference = opened(small, Intent.ACCESS)
    [event] = events(small)
    assert event == {
        "id": f"webhook:crm:{reference}:1", "occurred_at": "2026-11-23T09:00:00Z", "type": "opened", "reference": reference,
        "intents": ["access"], "unclear": False, "regime": "eu_gdpr", "language": "en", "received_at": "2026-11-23T09:00:00Z",
        "due_on": "2026-12-23", "status": "open", "outcome": None, "handler": None,
        "requests": [{"intent": "access", "due_on": "2026-12-23", "outcome": None}],
    }  # fmt: skip


def test_personal_data_go_out_where_config_says_so_only(tmp_path: Path) -> None:
    board = {"name": "board", "url": "https://board.example.test/", "personal_data": True}
    bench = Bench(sqlite_url(tmp_path), webhooks=[CRM, board])
    opened(bench, Intent.ACCESS)
    [with_person], [without] = events(bench, "board"), events(bench)
    assert (with_person["requester"], with_person["subject"]) == (JO, "My data")
    assert "requester" not in without and JO not in json.dumps(without) and "My data" not in json.dumps(without)
    bench.close()


def test_only_the_events_that_are_wanted_are_told(tmp_path: Path) -> None:
    bench = Bench(sqlite_url(tmp_path), slack=False, webhooks=[{**CRM, "events": ["closed"]}])
    reference = opened(bench, Intent.QUESTION)
    close(bench, reference, question="fulfilled", letter=False)
    assert [event["type"] for event in events(bench)] == ["closed"]
    bench.close()


def test_a_due_date_is_told_of_a_week_before_and_once(bench: Bench) -> None:
    reference = opened(bench, Intent.ACCESS)
    opened(bench, Intent.QUESTION, number=2, sender="kim@else.example")
    bench.clock.at += timedelta(days=23)
    bench.app.remind()
    assert [event["type"] for event in events(bench) if event["reference"] == reference] == ["opened"]
    bench.clock.at += timedelta(days=1)
    for _ in range(3):
        bench.app.remind()
        bench.clock.at += timedelta(days=2)
    [soon] = [event for event in events(bench) if event["type"] == "due_soon"]
    assert (soon["id"], soon["due_on"]) == (f"webhook:crm:{reference}:due-2026-12-23", "2026-12-23")


def test_an_extension_changes_the_date_and_the_new_one_is_told_of_in_its_time(small: Bench) -> None:
    reference = opened(small, Intent.ACCESS)
    small.app.act("extend", reference, "U1", reasons="Many systems.", letter=False)
    assert events(small)[-1]["due_on"] == "2027-02-23"
    small.clock.at += timedelta(days=90)
    small.app.remind()
    assert events(small)[-1]["id"] == f"webhook:crm:{reference}:due-2027-02-23"


def test_without_webhooks_nothing_is_queued(tmp_path: Path) -> None:
    bench = Bench(sqlite_url(tmp_path))
    opened(bench, Intent.ACCESS)
    bench.app.remind()
    assert not [notice for notice in notices(bench) if notice.carrier == Carrier.WEBHOOK]
    bench.close()


def test_a_webhook_taken_out_of_the_config_leaves_nothing_waiting(tmp_path: Path) -> None:
    before = Bench(sqlite_url(tmp_path), webhooks=[CRM])
    opened(before, Intent.ACCESS)
    before.close()
    bench = Bench(sqlite_url(tmp_path))
    bench.app.watch("")
    assert [(notice.state, notice.error) for notice in notices(bench, "crm")] == [(NoticeState.FAILED, "not in config.yaml")]
    assert "*crm*" in str([notice.payload for notice in notices(bench, "line")])
    bench.close()


def test_a_mail_that_opens_nothing_tells_nothing(small: Bench) -> None:
    take(small, mail("Thanks!"), Intent.OTHER)
    assert events(small) == []
