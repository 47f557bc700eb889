"""Health: what a monitor sees at /healthz and /metrics, over HTTP."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from bot.config import HealthConfig
from bot.health import Figures, HealthServer
from intents.catalog import Intent
from tests.builders import Bench
from tests.filing import JO, opened
from tests.live.dovecot import free_ports


@contextmanager
def serving(figures: Figures) -> Iterator[str]:
    server = HealthServer(HealthConfig(port=free_ports(1)[0]), figures)
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.close()


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_well_or_not() -> None:
    figures = {"healthy": 1.0}
    with serving(lambda: figures) as address:
        assert get(address + "/healthz") == (200, "ok\n")
        figures["healthy"] = 0.0
        assert get(address + "/healthz") == (503, "not polling\n")


def test_the_app_is_well_once_it_has_looked_into_the_mailbox(bench: Bench) -> None:
    with serving(bench.app.figures) as address:
        assert get(address + "/healthz")[0] == 503
        bench.app.last_poll = bench.clock()
        assert get(address + "/healthz")[0] == 200


def test_how_long_ago_mail_was_looked_for_and_came(bench: Bench) -> None:
    opened(bench, Intent.ERASURE)
    bench.app.last_poll = bench.clock()
    bench.clock.at += timedelta(hours=1)
    with serving(bench.app.figures) as address:
        assert get(address + "/healthz") == (503, "not polling\nseconds since poll: 3600\nseconds since arrival: 3600\n")
        assert "privacybot_seconds_since_arrival 3600.0" in get(address + "/metrics")[1]


def test_the_metrics_can_be_read_by_prometheus_and_name_nobody(bench: Bench) -> None:
    opened(bench, Intent.ERASURE)
    with serving(bench.app.figures) as address:
        status, text = get(address + "/metrics")
    values = {family.name: family.samples[0].value for family in text_string_to_metric_families(text)}
    assert status == 200
    assert values["privacybot_tickets_open"] == values["privacybot_messages_received"] == 1
    assert values["privacybot_seconds_since_poll"] == float("inf")
    assert JO not in text and "Doe" not in text and "PRV-" not in text


def test_nothing_else_is_there() -> None:
    with serving(lambda: {}) as address:
        assert [get(address + path)[0] for path in ("/", "/tickets", "/healthz/x", "/..")] == [404, 404, 404, 404]


def test_a_database_that_is_out_is_told_without_its_words(capfd: pytest.CaptureFixture[str]) -> None:
    def broken() -> Mapping[str, float]:
        raise OperationalError("SELECT private words", {}, Exception("of the driver"))

    with serving(broken) as address:
        assert get(address + "/healthz") == (503, "no database\n")
        assert get(address + "/metrics") == (503, "no database\n")
    assert capfd.readouterr() == ("", "")


def test_a_monitor_that_hangs_up_leaves_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    with serving(lambda: {"healthy": 1.0}) as address:
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 10) as rude:
            rude.sendall(b"GET /metrics HT")
        assert get(address + "/healthz")[0] == 200
    assert "Traceback" not in capfd.readouterr().err


def test_a_port_that_is_taken_is_an_os_error() -> None:
    with serving(lambda: {}) as address, pytest.raises(OSError, match="in use"):
        HealthServer(HealthConfig(port=int(address.rpartition(":")[2])), lambda: {})
