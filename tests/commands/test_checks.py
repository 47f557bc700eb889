"""`privacybot check`: a line for each part, whatever the others say; the exit code tells whether all is well; nothing is changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from bot.demo.slack_server import LoopbackSlack
from tests.builders import trusting
from tests.live.dovecot import USER, Dovecot, free_ports
from tests.live.smtp_sink import SmtpSink
from tests.terminal import CLOSED_PORT, Terminal
from tests.webhook_receiver import SECRET, Receiver


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        server.add_channel("C0DESK", "privacy-desk")
        server.add_channel("C0ELSE", "elsewhere", bot_is_member=False)
        yield server


def test_all_is_well(terminal: Terminal, dovecot: Dovecot, slack: LoopbackSlack) -> None:
    with SmtpSink() as smtp:
        terminal.write(mailbox=mailbox(dovecot.imap_port, smtp.port), slack=desk_in(slack), model=None)
        code, out, err = terminal.run_apart("check")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    parts = ("config", "letters", "database", "imap", "smtp", "senders", "slack", "model")
    assert [line[:16].split() for line in lines] == [["ok", name] for name in parts]
    assert lines[3].endswith("; will be made: Privacy/Filed, Privacy/Ignored, Privacy/Held") or " mails in INBOX, IDLE" in lines[3]
    assert lines[4].endswith("connected, no login")
    assert [path.name for path in terminal.folder.iterdir()] == ["config.yaml"]


def test_nothing_is_well(terminal: Terminal, slack: LoopbackSlack) -> None:
    slack.revoke()
    terminal.write(slack=desk_in(slack), database=f"postgresql://bot@127.0.0.1:{CLOSED_PORT}/privacy")
    code, out, err = terminal.run_apart("check")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "ok    config    config.yaml",
        "ok    letters   26 languages, own templates: none",
        "FAIL  database  the database server does not answer",
        f"FAIL  imap      no mailbox at 127.0.0.1:{CLOSED_PORT} (ConnectionRefusedError)",
        f"FAIL  smtp      no server at 127.0.0.1:{CLOSED_PORT} (ConnectionRefusedError)",
        "ok    senders   authserv_id is not set: forged senders are not told apart (privacybot parse MAIL shows your server's id)",
        "FAIL  slack     Slack says token_revoked to the bot token",
        f"FAIL  model     no trained model at {terminal.folder / 'no-model'}: run `privacybot train`",
    ]


@pytest.mark.parametrize(
    ("unauthenticated", "words"),
    [
        ("answer", "checked by mx.example.test"),
        ("hold_letters", "checked by mx.example.test; letters to doubted ones wait for a button in Slack, which you don't use"),
    ],
)
def test_who_checks_senders(terminal: Terminal, unauthenticated: str, words: str) -> None:
    terminal.write(**trusting(unauthenticated=unauthenticated))
    assert terminal.line(terminal.run("check"), "senders") == f"ok    senders   {words}"


def test_a_policy_file_that_is_missing(terminal: Terminal) -> None:
    terminal.write(policy={"files": ["nope.md"]})
    answer = terminal.run("check")
    assert answer[0] == 1
    words = terminal.line(answer, "policy")
    assert words.startswith("FAIL  policy    policy.files[0]: ") and "nope.md: can't be read" in words


def test_a_wrong_imap_password(terminal: Terminal, dovecot: Dovecot) -> None:
    terminal.environ["PRIVACYBOT_IMAP_PASSWORD"] = "hunter2"
    terminal.write(mailbox=mailbox(dovecot.imap_port, CLOSED_PORT))
    answer = terminal.run("check")
    assert (answer[0], terminal.line(answer, "imap")) == (1, "FAIL  imap      the server refused user or password")
    assert "hunter2" not in answer[1] + answer[2]


def test_a_certificate_nobody_vouches_for(terminal: Terminal, dovecot: Dovecot) -> None:
    servers = mailbox(dovecot.imaps_port, CLOSED_PORT)
    servers["imap"]["security"] = "tls"
    terminal.write(mailbox=servers)
    answer = terminal.run("check")
    assert terminal.line(answer, "imap") == f"FAIL  imap      no mailbox at 127.0.0.1:{dovecot.imaps_port} (SSLCertVerificationError)"
    servers["imap"]["ca_file"] = str(dovecot.certificate)
    terminal.write(mailbox=servers)
    assert terminal.line(terminal.run("check"), "imap").startswith("ok    imap      ")


def test_a_wrong_smtp_password(terminal: Terminal) -> None:
    def nobody(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    (port,) = free_ports(1)
    server = Controller(object(), hostname="127.0.0.1", port=port, authenticator=nobody, auth_require_tls=False)
    server.start()
    try:
        servers = mailbox(CLOSED_PORT, port)
        servers["smtp"]["user"] = USER
        terminal.write(mailbox=servers)
        answer = terminal.run("check")
    finally:
        server.stop()
    assert (answer[0], terminal.line(answer, "smtp")) == (1, "FAIL  smtp      the server refused user or password (smtp 535)")


def test_an_smtp_server_without_login(terminal: Terminal) -> None:
    with SmtpSink() as smtp:
        servers = mailbox(CLOSED_PORT, smtp.port)
        servers["smtp"]["user"] = USER
        terminal.write(mailbox=servers)
        answer = terminal.run("check")
    assert (
        terminal.line(answer, "smtp")
        == f"FAIL  smtp      the server at 127.0.0.1:{servers['smtp']['port']} refused (SMTPNotSupportedError)"
    )


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"desk_channel": "C0NONE"}, "Slack says channel_not_found to desk_channel C0NONE"),
        ({"desk_channel": "C0DESK", "intake_channel": "C0NONE"}, "Slack says channel_not_found to intake_channel C0NONE"),
        ({"desk_channel": "C0ELSE"}, "the bot is no member of channel C0ELSE; type /invite there"),
    ],
)
def test_a_slack_channel_that_will_not_do(terminal: Terminal, slack: LoopbackSlack, section: dict[str, str], words: str) -> None:
    terminal.write(slack={**section, "api_url": slack.api_url})
    assert terminal.line(terminal.run("check"), "slack") == f"FAIL  slack     {words}"


def test_slack_tokens_that_are_none(terminal: Terminal, slack: LoopbackSlack) -> None:
    terminal.write(slack=desk_in(slack))
    terminal.environ["PRIVACYBOT_SLACK_APP_TOKEN"] = "xapp-hunter2"
    assert terminal.line(terminal.run("check"), "slack") == "FAIL  slack     Slack says invalid_auth to the app token"
    terminal.environ["PRIVACYBOT_SLACK_BOT_TOKEN"] = "xoxb-hunter2"
    assert terminal.line(terminal.run("check"), "slack") == "FAIL  slack     Slack says invalid_auth to the bot token"


def test_a_slack_that_comes_by_http_needs_no_app_token(terminal: Terminal, slack: LoopbackSlack) -> None:
    del terminal.environ["PRIVACYBOT_SLACK_APP_TOKEN"]
    terminal.environ["PRIVACYBOT_SLACK_SIGNING_SECRET"] = "hush"
    terminal.write(slack={**desk_in(slack), "mode": "http", "http": {"port": 3001}})
    line = terminal.line(terminal.run("check"), "slack")
    assert line == "ok    slack     workspace Loopback, channels found; requests are awaited at 127.0.0.1:3001/slack/events"


def test_a_user_group_that_slack_does_not_know(terminal: Terminal, slack: LoopbackSlack) -> None:
    slack.add_group("S0LEGAL", [])
    terminal.write(slack={**desk_in(slack), "who_may": {"groups": ["S0LEGAL"]}, "only": {"close": {"groups": ["S0GONE"]}}})
    assert terminal.line(terminal.run("check"), "slack") == "FAIL  slack     Slack says no_such_subteam to only.close.groups S0GONE"


def test_a_slack_that_is_not_there(terminal: Terminal) -> None:
    terminal.write(slack={"desk_channel": "C0DESK", "api_url": f"http://127.0.0.1:{CLOSED_PORT}/api/"})
    assert terminal.line(terminal.run("check"), "slack") == "FAIL  slack     no connection (URLError)"


def mailbox(imap: int, smtp: int) -> dict[str, Any]:
    """Two servers on this machine."""
    return {
        "address": USER,
        "imap": {"host": "127.0.0.1", "port": imap, "security": "none", "user": USER},
        "smtp": {"host": "127.0.0.1", "port": smtp, "security": "none"},
    }


def desk_in(slack: LoopbackSlack) -> dict[str, Any]:
    return {"desk_channel": "C0DESK", "api_url": slack.api_url}


def test_without_slack_and_managers_nobody_would_hear_of_alarms(terminal: Terminal) -> None:
    assert terminal.line(terminal.run("check"), "slack") == "ok    slack     no slack: section; the bot runs mail-only"
    terminal.write(escalation={"managers": []})
    told = terminal.line(terminal.run("check"), "slack")
    assert told.endswith("mail-only; nobody hears of alarms and reminders: name somebody in escalation.managers")


def test_webhooks_are_reached_and_told_nothing(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "tls").mkdir()
    terminal.environ["PRIVACYBOT_WEBHOOK_SECRET"] = SECRET
    with Receiver() as plain, Receiver(tls_in=tmp_path / "tls") as secure:
        webhooks = [{"name": "plain", "url": plain.url}, {"name": "strange", "url": secure.url}]
        webhooks += [{"name": "secure", "url": secure.url, "ca_file": str(secure.certificate)}]
        terminal.write(suppression={"webhook": {"url": f"http://127.0.0.1:{CLOSED_PORT}/"}}, webhooks=webhooks)
        answer = terminal.run("check")
        assert terminal.line(answer, "webhook plain") == f"ok    webhook plain  127.0.0.1:{plain.port} answers; no event was sent"
        assert terminal.line(answer, "webhook secure") == f"ok    webhook secure  127.0.0.1:{secure.port} answers; no event was sent"
        nobody = f"nobody can be reached at 127.0.0.1:{secure.port} (SSLCertVerificationError)"
        assert terminal.line(answer, "webhook strange") == f"FAIL  webhook strange  {nobody}"
        assert "(ConnectionRefusedError)" in terminal.line(answer, "webhook suppression")
        assert plain.taken + secure.taken == []
