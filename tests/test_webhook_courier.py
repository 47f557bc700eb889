"""Webhook courier and its outbox, against a real HTTP server: signed, patient, obedient, and in nobody's way."""

import hashlib
import hmac
import logging
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from intents.catalog import Intent
from models import NoticeState
from tests.builders import Bench, sqlite_url
from tests.filing import close, notices, opened
from tests.live.dovecot import free_ports
from tests.webhook_receiver import SECRET, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


def with_webhook(folder: Path, url: str, **keys: Any) -> Bench:
    return Bench(sqlite_url(folder), webhooks=[{"name": "crm", "url": url, "timeout": "1s", **keys}])


@pytest.fixture
def bench(tmp_path: Path, receiver: Receiver) -> Iterator[Bench]:
    bench = with_webhook(tmp_path, receiver.url)
    yield bench
    bench.close()


def deliver(bench: Bench, **later: float) -> int:
    """Move the clock, then do one round."""
    bench.clock.at += timedelta(**later)
    return bench.app.deliver_to("crm")


def lines(bench: Bench) -> list[str]:
    """What the desk was told."""
    return [str(notice.payload["text"]) for notice in notices(bench, "line") if notice.payload]


def test_a_delivery_is_signed_over_time_and_body(bench: Bench, receiver: Receiver) -> None:
    opened(bench, Intent.ACCESS)
    assert deliver(bench) == 1
    [taken] = receiver.taken
    stamp = taken.headers["Privacybot-Timestamp"]
    expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + taken.body, hashlib.sha256).hexdigest()
    assert stamp == str(int(bench.clock().timestamp()))
    assert taken.headers["Privacybot-Signature"] == f"v1={expected}"
    assert taken.headers["Privacybot-Delivery"] == taken.event["id"]
    assert (taken.path, taken.headers["Content-Type"]) == ("/hook?from=privacybot", "application/json")
    assert [(notice.state, notice.receipt) for notice in notices(bench, "crm")] == [(NoticeState.SENT, "http 204")]


def test_500_for_a_day_loses_nothing_and_tells_the_desk_once_and_once_more(bench: Bench, receiver: Receiver) -> None:
    receiver.answer = (500, {})
    reference = opened(bench, Intent.ACCESS)
    close(bench, reference, access="fulfilled", letter=False)
    for _ in range(24 * 4):
        assert deliver(bench, minutes=15) == 0
        bench.app.watch("")
    assert len(receiver.taken) <= 24 * 4
    assert set(receiver.types()) == {"opened"}  # the second waits for the first
    [alarm] = [line for line in lines(bench) if "Webhook" in line]
    assert "Webhook crm has taken no events since 23 Nov, 10:15 (http 500)" in alarm
    receiver.answer = (200, {})
    receiver.taken.clear()
    assert deliver(bench, hours=1) == 2
    assert receiver.types() == ["opened", "closed"]
    assert int(receiver.taken[0].headers["Privacybot-Timestamp"]) == int(bench.clock().timestamp())
    for _ in range(3):
        bench.app.watch("")
    assert [line for line in lines(bench) if "takes events again" in line] == [
        ":satellite_antenna: Webhook crm takes events again; what waited was sent."
    ]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_what_passes_is_tried_until_it_works_however_long(bench: Bench, receiver: Receiver, status: int) -> None:
    opened(bench, Intent.ACCESS)
    receiver.answer = (status, {})
    for _ in range(8):
        deliver(bench, days=2)
    receiver.answer = (201, {})
    assert deliver(bench, days=2) == 1


@pytest.mark.parametrize("status", [302, 400, 401, 404, 410, 422])
def test_a_refusal_is_tried_for_a_week_and_then_told(bench: Bench, receiver: Receiver, status: int) -> None:
    opened(bench, Intent.ACCESS)
    receiver.answer = (status, {"Location": receiver.url})
    for _ in range(6):
        deliver(bench, days=1)
    assert [notice.state for notice in notices(bench, "crm")] == [NoticeState.QUEUED]
    deliver(bench, days=1)
    [notice] = notices(bench, "crm")
    assert (notice.state, notice.error) == (NoticeState.FAILED, f"http {status}")
    assert set(receiver.types()) == {"opened"}  # no redirect was followed by a GET
    assert len(receiver.taken) == 7
    assert [line for line in lines(bench) if "refused" in line] == [
        f":warning: Webhook *crm* has refused events (http {status}); they were given up."
    ]


def test_a_bot_that_was_down_for_long_tries_all_the_same(bench: Bench, receiver: Receiver) -> None:
    opened(bench, Intent.ACCESS)
    receiver.answer = (404, {})
    deliver(bench, days=30)
    assert [notice.state for notice in notices(bench, "crm")] == [NoticeState.QUEUED]


def test_one_event_that_is_refused_keeps_no_other_ticket_waiting(bench: Bench, receiver: Receiver) -> None:
    first = opened(bench, Intent.ACCESS)
    receiver.answer = (422, {})
    deliver(bench)
    receiver.answer = (204, {})
    second = opened(bench, Intent.ACCESS, number=2, sender="kim@else.example")
    assert deliver(bench) == 1
    assert [event["reference"] for event in receiver.events] == [first, second]


@pytest.mark.parametrize("as_date", [False, True])
def test_its_wish_to_be_left_alone_is_obeyed(bench: Bench, receiver: Receiver, as_date: bool) -> None:
    opened(bench, Intent.ACCESS)
    wish = format_datetime(bench.clock() + timedelta(hours=1), usegmt=True) if as_date else "3600"
    receiver.answer = (503, {"Retry-After": wish})
    deliver(bench)
    receiver.answer = (204, {})
    assert [deliver(bench, minutes=29), deliver(bench, minutes=30), deliver(bench, minutes=2)] == [0, 0, 1]


@pytest.mark.parametrize("wish", ["", "soon", "-5", "99999999999999999999", "Mon, 99 Nov 2026 09:00:00 GMT", "²"])
def test_a_wish_that_makes_no_sense_delays_it_by_a_day_at_the_most(bench: Bench, receiver: Receiver, wish: str) -> None:
    opened(bench, Intent.ACCESS)
    receiver.answer = (503, {"Retry-After": wish.encode().decode("latin-1")})
    deliver(bench)
    receiver.answer = (204, {})
    assert deliver(bench, days=1) == 1


def test_one_that_is_slow_is_left_after_its_time(bench: Bench, receiver: Receiver) -> None:
    opened(bench, Intent.ACCESS)
    receiver.gate.clear()
    assert deliver(bench) == 0
    assert [notice.error for notice in notices(bench, "crm")] == ["no answer in time"]
    receiver.gate.set()
    assert deliver(bench, minutes=15) == 1
    assert len({taken.headers["Privacybot-Delivery"] for taken in receiver.taken}) == 1


def test_nobody_there_is_no_loss_and_no_secret_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = with_webhook(tmp_path, f"http://127.0.0.1:{free_ports(1)[0]}/hook/token-in-the-path")
    opened(bench, Intent.ACCESS)
    assert deliver(bench) == 0
    assert [(notice.state, notice.error) for notice in notices(bench, "crm")] == [(NoticeState.QUEUED, "ConnectionError")]
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("privacybot"))
    assert "webhook crm does not take notices (ConnectionError)" in said
    assert "token-in-the-path" not in said and SECRET not in said
    bench.close()


def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    with Receiver(tls_in=tmp_path) as receiver:
        bench = with_webhook(tmp_path, receiver.url)
        opened(bench, Intent.ACCESS)
        assert deliver(bench) == 0
        assert receiver.taken == []
        assert [notice.error for notice in notices(bench, "crm")] == ["TLS refused"]
        bench.close()


def test_an_authority_of_ones_own_is_believed_where_config_names_it(tmp_path: Path) -> None:
    with Receiver(tls_in=tmp_path) as receiver:
        bench = with_webhook(tmp_path, receiver.url, ca_file=str(receiver.certificate))
        opened(bench, Intent.ACCESS)
        assert deliver(bench) == 1
        bench.close()


def test_a_netrc_file_gives_away_no_password(bench: Bench, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login jo password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    opened(bench, Intent.ACCESS)
    deliver(bench)
    assert "Authorization" not in receiver.taken[0].headers
