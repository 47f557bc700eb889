"""HTTP instead of a web socket: signed requests reach the same listeners, all others nothing."""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.slack_signing import signed_request
from tests.builders import sqlite_url
from tests.live.dovecot import free_ports
from tests.slack_desk import ANN, DESK, EVE, INTAKE, SOON, Json, SlackDesk, slack_desk

SECRET = "the signing secret"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SlackDesk]:
    http_section = {"host": "127.0.0.1", "port": free_ports(1)[0], "path": "/slack/events"}
    with slack_desk(sqlite_url(tmp_path), mode="http", http=http_section) as desk:
        yield desk


def url(desk: SlackDesk, path: str = "/slack/events") -> str:
    assert desk.config.slack is not None
    return f"http://127.0.0.1:{desk.config.slack.http.port}{path}"


def send(desk: SlackDesk, body: Json, *, secret: str = SECRET, age: int = 0, path: str = "/slack/events") -> tuple[int, str]:
    """Status and body of the answer to a request that Slack signed `age` seconds ago."""
    request = signed_request(url(desk, path), body, secret, int(time.time()) - age)
    try:
        with urllib.request.urlopen(request, timeout=SOON) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def press(desk: SlackDesk, reference: str, user: str, action: str, trigger: str = "") -> Json:
    """What Slack sends when somebody presses a button of a card."""
    return {
        "type": "block_actions", "team": {"id": "T0LOOPBACK"}, "user": {"id": user, "username": "ann"}, "api_app_id": "A0PRIVACY",
        "channel": {"id": DESK}, "trigger_id": trigger or desk.slack._state.issue_trigger(user),
        "message": {"ts": desk.card(reference)["ts"]},
        "actions": [{"type": "button", "action_id": action, "block_id": "ticket", "value": reference, "action_ts": "1"}],
    }  # fmt: skip


def event(**fields: Any) -> Json:
    return {"type": "event_callback", "team_id": "T0LOOPBACK", "api_app_id": "A0PRIVACY", "event_id": "Ev1", "event": fields}


class TestWhatSlackSends:
    def test_the_address_is_verified(self, desk: SlackDesk) -> None:
        status, body = send(desk, {"type": "url_verification", "challenge": "a word of Slack's", "token": "x"})
        assert (status, json.loads(body)["challenge"]) == (200, "a word of Slack's")

    def test_a_press_acts_once_although_it_comes_twice(self, desk: SlackDesk) -> None:
        reference = desk.ticket()
        claim = press(desk, reference, ANN, "claim")
        assert [send(desk, claim)[0] for _ in range(2)] == [200, 200]
        desk.slack.wait_for(lambda: f"<@{ANN}>" in json.dumps(desk.card(reference)), SOON)
        assert desk.count(reference, "claimed") == 1

    def test_a_window_opens_and_its_form_is_answered(self, desk: SlackDesk) -> None:
        reference = desk.ticket()
        send(desk, press(desk, reference, ANN, "close"))
        view = desk.view_of(ANN)
        request = next(block["block_id"] for block in view["blocks"] if block["block_id"].startswith("request-"))
        refused = {"selected_option": {"value": "refused"}}
        values = {
            request: {"outcome": refused}, "reasons": {"text": {"value": None}},
            "letter": {"send": {"selected_options": [{"value": "send"}]}},
        }  # fmt: skip
        form = {"type": "view_submission", "user": {"id": ANN}, "view": {**view, "state": {"values": values}}, "trigger_id": "1"}
        assert "reasons" in json.loads(send(desk, form)[1])["errors"]

    def test_a_command_is_answered_to_the_person_alone(self, desk: SlackDesk) -> None:
        form = {"command": "/privacy", "text": "list", "user_id": EVE, "channel_id": INTAKE, "trigger_id": "2"}
        place = desk.slack._response_url(_place(EVE))
        assert send(desk, {**form, "response_url": place})[0] == 200
        assert "members of the privacy desk" in desk.told(EVE, "members")

    def test_a_post_becomes_a_ticket(self, desk: SlackDesk) -> None:
        text = "Please erase all personal data of lou@caller.example, article 17 GDPR."
        post = desk.slack.say(INTAKE, EVE, text)
        assert send(desk, event(type="message", channel=INTAKE, user=EVE, text=text, ts=post.ts))[0] == 200
        desk.slack.wait_for(lambda: len(desk.slack.thread(INTAKE, post.ts)) > 1, SOON)


class TestWhatOthersSend:
    @pytest.mark.parametrize("forged", [{"secret": "guessed"}, {"age": 600}, {"age": -600}])
    def test_unsigned_or_replayed_is_turned_away_and_does_nothing(self, desk: SlackDesk, forged: dict[str, Any]) -> None:
        reference = desk.ticket()
        assert send(desk, press(desk, reference, ANN, "claim"), **forged)[0] == 401
        assert desk.handler(reference) is None

    def test_elsewhere_is_nothing(self, desk: SlackDesk) -> None:
        assert send(desk, event(type="message"), path="/")[0] == 404
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url(desk), timeout=SOON)

    @pytest.mark.parametrize(("length", "status"), [("9999999999", 413), ("99999999999", 400), ("many", 400), ("-1", 400)])
    def test_a_body_that_is_too_large_is_not_read(self, desk: SlackDesk, length: str, status: int) -> None:
        assert raw(desk, {"Content-Length": length}) == status

    def test_bytes_that_are_no_text_break_nothing(self, desk: SlackDesk, capfd: pytest.CaptureFixture[str]) -> None:
        assert raw(desk, {"Content-Length": "3"}, b"\xff\xfe\xfd") == 400
        assert send(desk, {"type": "url_verification", "challenge": "still here"})[0] == 200
        assert "Traceback" not in capfd.readouterr().err


class TestOpenAndClose:
    def test_after_the_end_nothing_listens_and_the_port_is_free(self, desk: SlackDesk) -> None:
        desk.line.close()
        with pytest.raises(urllib.error.URLError):
            send(desk, event(type="message"))
        assert desk.line.keep()
        assert send(desk, {"type": "url_verification", "challenge": "again"})[0] == 200

    def test_a_port_that_is_taken_is_told_and_tried_again(self, desk: SlackDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        assert desk.config.slack is not None
        second = SlackDesk(desk.slack, sqlite_url(tmp_path), mode="http", http=desk.config.slack.http.model_dump())
        assert not second.line.keep()
        assert "no connection to Slack" in caplog.text
        desk.line.close()
        assert second.line.keep()
        second.line.close()
        second.app.close()

    def test_without_a_web_socket(self, desk: SlackDesk) -> None:
        assert desk.slack.connections == 0


def _place(user: str) -> Any:
    from bot.demo.slack_workspace import AnswerPlace

    return AnswerPlace(INTAKE, user)


def raw(desk: SlackDesk, headers: dict[str, str], body: bytes = b"") -> int:
    """The status of the answer to a request written by hand."""
    assert desk.config.slack is not None
    connection = http.client.HTTPConnection("127.0.0.1", desk.config.slack.http.port, timeout=SOON)
    connection.putrequest("POST", "/slack/events")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    status = connection.getresponse().status
    connection.close()
    return status
