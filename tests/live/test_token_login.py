"""Logins by access token on IMAP and SMTP: one that ended is replaced, what stays refused is told once, and no log holds a secret."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.accounts import accounts
from bot.app import App
from bot.config import Config
from bot.config_file import Secrets
from bot.launch import launch
from bot.mailbox import Mailbox, MailboxError, probe
from bot.outbox import TryAgain
from bot.smtp import SmtpCourier
from tests.builders import KEY, config_data, sqlite_url
from tests.live.dovecot import wait_until
from tests.live.scripted_imap import ScriptedImap, Talk, answer_idle
from tests.live.test_mailbox_trouble import Later, idle_and_wake, one_mail, told, whole_mail
from tests.live.token_login import USER, TokenSmtp, imap_login, smtp_server
from tests.live.token_server import REFRESH, SECRET, TokenServer
from tests.terminal import CLOSED_PORT, Terminal
from tests.test_smtp import parcel


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


def settings(tokens: TokenServer, imap: int = 1, smtp: int = 1, **oauth: Any) -> Config:
    data = config_data(slack=False)
    data["mailbox"]["oauth"] = tokens.oauth | oauth
    data["mailbox"]["imap"] |= {"port": imap, "login": "oauth", "timeout": "5s"}
    data["mailbox"]["smtp"] |= {"port": smtp, "login": "oauth", "user": USER, "timeout": "5s"}
    return Config.model_validate(data)


def secrets() -> Secrets:
    return Secrets(KEY, oauth_client_secret=SECRET, oauth_refresh_token=REFRESH)


def opened(config: Config) -> Mailbox:
    [account] = accounts(config, secrets())
    return Mailbox(config.mailbox.imap, account.imap)


def courier(config: Config) -> SmtpCourier:
    [account] = accounts(config, secrets())
    return SmtpCourier(config.mailbox, config.organisation, account.smtp)


def test_imap_takes_a_token(tokens: TokenServer) -> None:
    with ScriptedImap(AUTHENTICATE=imap_login(tokens)) as server:
        box = opened(settings(tokens, server.port))
        assert box.fetch() == []
        box.close()
    assert "AUTHENTICATE XOAUTH2" in server.heard and "LOGIN" not in server.verbs


def test_a_token_that_ended_before_its_time_is_replaced_and_the_login_goes_on(tokens: TokenServer) -> None:
    with ScriptedImap(AUTHENTICATE=imap_login(tokens)) as server:
        config = settings(tokens, server.port)
        [account] = accounts(config, secrets())
        Mailbox(config.mailbox.imap, account.imap).close()
        tokens.end_tokens()
        Mailbox(config.mailbox.imap, account.imap).close()
    assert (len(tokens.forms), server.heard.count("AUTHENTICATE XOAUTH2")) == (2, 3)


def test_a_mailbox_that_refuses_each_token_is_tried_twice_and_told_of_as_a_refused_login(tokens: TokenServer) -> None:
    def refuse(talk: Talk) -> None:
        tokens.end_tokens()
        imap_login(tokens)(talk)

    with ScriptedImap(AUTHENTICATE=refuse) as server:
        with pytest.raises(MailboxError, match=r"^the server refused the access token$") as refusal:
            opened(settings(tokens, server.port))
        assert server.heard.count("AUTHENTICATE XOAUTH2") == 2
    assert refusal.value.login


def test_without_a_token_the_server_is_not_even_called(tokens: TokenServer) -> None:
    tokens.refusal = 400, {"error": "invalid_grant"}
    with ScriptedImap() as server:
        with pytest.raises(MailboxError, match=r"^no token from 127\.0\.0\.1 \(invalid_grant\)$") as trouble:
            opened(settings(tokens, server.port))
        assert server.heard == []
    assert trouble.value.login


def test_smtp_takes_a_token_and_a_new_one_when_the_old_one_ended(tokens: TokenServer) -> None:
    handler = TokenSmtp(tokens)
    with smtp_server(handler) as port:
        ours = courier(settings(tokens, smtp=port))
        ours.send(parcel())
        ours.rest()
        tokens.end_tokens()
        ours.send(parcel())
        ours.rest()
    assert (handler.came, handler.tries, len(tokens.forms)) == (2, 3, 2)


def test_smtp_that_refuses_each_token_is_down(tokens: TokenServer) -> None:
    handler = TokenSmtp(TokenServer())
    with smtp_server(handler) as port, pytest.raises(TryAgain, match=r"^smtp 535$") as trouble:
        courier(settings(tokens, smtp=port)).send(parcel())
    assert (trouble.value.down, handler.tries) == (True, 2)


def test_smtp_without_a_token_is_down(tokens: TokenServer) -> None:
    tokens.refusal = 503, {}
    with pytest.raises(TryAgain, match=r"^no token from 127\.0\.0\.1 \(http 503\)$") as trouble:
        courier(settings(tokens)).send(parcel())
    assert trouble.value.down


@pytest.mark.parametrize(
    "ends",
    [
        lambda talk: (talk.say("* BYE Session invalidated - AccessTokenExpired"), talk.hang_up()),
        lambda talk: talk.done("NO [AUTHENTICATIONFAILED] AccessTokenExpired"),
    ],
)
def test_a_token_that_dies_on_the_line_loses_nothing(tokens: TokenServer, ends: Any, tmp_path: Path, caplog: Any) -> None:
    """In the middle of a session, as Microsoft 365 does it; the running bot goes on with a new token, and SMTP answers."""
    caplog.set_level(logging.DEBUG)

    def die(talk: Talk) -> None:
        tokens.end_tokens()
        ends(talk)

    scripts: dict[str, Any] = {"AUTHENTICATE": imap_login(tokens), "SELECT": one_mail, "FETCH": Later(die, whole_mail), "UID": Talk.done}
    scripts |= {"IDLE": Later(idle_and_wake, answer_idle), "MOVE": Later(Talk.done, Talk.done)}
    handler = TokenSmtp(tokens)
    with ExitStack() as stack:
        imap = stack.enter_context(ScriptedImap("IDLE MOVE", **scripts))
        config = settings(tokens, imap.port, stack.enter_context(smtp_server(handler)))
        config = config.model_copy(update={"database": sqlite_url(tmp_path)})
        app, service = launch(config, secrets())
        service.start()
        stack.callback(app.close)
        stack.callback(service.stop)
        wait_until(lambda: handler.came, 60)
    assert len(tokens.forms) == 2
    assert next(line for line in told(caplog) if "retrying" in line).startswith("mailbox: ")
    assert "hunter2" not in caplog.text and "Bearer" not in caplog.text


def test_a_line_is_opened_anew_in_time_and_in_silence(tokens: TokenServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tokens.seconds = 0  # each token is worn at once
    with ScriptedImap("IDLE", AUTHENTICATE=imap_login(tokens), IDLE=idle_and_wake) as imap:
        config = settings(tokens, imap.port).model_copy(update={"database": sqlite_url(tmp_path)})
        app, service = launch(config, secrets())
        service.start()
        wait_until(lambda: imap.heard.count("AUTHENTICATE XOAUTH2") > 3)
        service.stop()
        app.close()
    assert [line for line in told(caplog) if line.startswith("mailbox")] == []


def test_the_newest_refresh_token_outlives_the_program_until_another_is_configured(tokens: TokenServer, tmp_path: Path) -> None:
    tokens.rotates = True
    config = settings(tokens, flow="refresh_token").model_copy(update={"database": sqlite_url(tmp_path)})
    for configured in (REFRESH, REFRESH, "another"):
        app = App(config, Secrets(KEY, oauth_client_secret=SECRET, oauth_refresh_token=configured))
        credential = app.accounts[0].imap
        assert not isinstance(credential, str)
        credential.token()
        app.close()
    assert [form["refresh_token"] for form in tokens.forms] == [REFRESH, f"{REFRESH}-1", "another"]
    assert all(b"hunter2" not in file.read_bytes() for file in tmp_path.iterdir())


class TestCheck:
    """`privacybot check` tells which part fails."""

    @pytest.fixture
    def terminal(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
        terminal = Terminal(tmp_path, monkeypatch, capsys)
        terminal.environ["PRIVACYBOT_OAUTH_CLIENT_SECRET"] = SECRET
        return terminal

    def lines(self, terminal: Terminal, tokens: TokenServer, imap: int, smtp: int) -> list[str]:
        config = settings(tokens, imap, smtp)
        mailbox = config.mailbox.model_dump(mode="json", exclude_unset=True)
        servers = {"imap": {**mailbox["imap"], "poll": "1s", "timeout": "5s"}, "smtp": {**mailbox["smtp"], "timeout": "5s"}}
        terminal.write(mailbox=mailbox | servers)
        answer = terminal.run("check")
        assert "hunter2" not in answer[1] + answer[2]
        return [terminal.line(answer, name) for name in ("imap", "smtp")]

    def test_no_token(self, terminal: Terminal, tokens: TokenServer) -> None:
        tokens.refusal = 401, {"error": "invalid_client"}
        why = "no token from 127.0.0.1 (invalid_client)"
        assert self.lines(terminal, tokens, CLOSED_PORT, CLOSED_PORT) == [f"FAIL  imap      {why}", f"FAIL  smtp      {why}"]

    def test_a_token_that_the_servers_refuse(self, terminal: Terminal, tokens: TokenServer) -> None:
        stranger = TokenServer()
        with ScriptedImap(AUTHENTICATE=imap_login(stranger)) as imap, smtp_server(TokenSmtp(stranger)) as smtp:
            lines = self.lines(terminal, tokens, imap.port, smtp)
        assert lines == [
            "FAIL  imap      the server refused the access token",
            "FAIL  smtp      the server refused the access token (smtp 535)",
        ]

    def test_all_is_well(self, terminal: Terminal, tokens: TokenServer) -> None:
        with ScriptedImap(AUTHENTICATE=imap_login(tokens)) as imap, smtp_server(TokenSmtp(tokens)) as smtp:
            lines = self.lines(terminal, tokens, imap.port, smtp)
        assert [line[:14] for line in lines] == ["ok    imap    ", "ok    smtp    "]


def test_a_look_at_the_mailbox_asks_for_one_token(tokens: TokenServer) -> None:
    with ScriptedImap(AUTHENTICATE=imap_login(tokens)) as server:
        config = settings(tokens, server.port)
        assert probe(config.mailbox.imap, accounts(config, secrets())[0].imap).startswith("0 mails in INBOX")
    assert len(tokens.forms) == 1
