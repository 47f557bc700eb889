"""The mailbox and its watch with servers that misbehave: mute, halves, missing answers; nothing hangs, spins or is lost."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot.mail_config import ImapConfig
from bot.mailbox import Mailbox, MailboxError
from bot.workers import MailboxWatch
from tests.builders import mail
from tests.live.dovecot import free_ports, wait_until
from tests.live.scripted_imap import ScriptedImap, Talk, answer_idle

RAW = mail("Please delete my data.").decode()


def settings(port: int, security: str = "none") -> ImapConfig:
    data = {"host": "127.0.0.1", "port": port, "security": security, "user": "privacy@example.test", "timeout": "1s"}
    return ImapConfig.model_validate(data)


@contextmanager
def opened(server: ScriptedImap) -> Iterator[Mailbox]:
    box = Mailbox(settings(server.port), "hunter2")
    yield box
    box.close()


@contextmanager
def watched(server: ScriptedImap) -> Iterator[list[str]]:
    """The watch on a server; the texts it took, in order."""
    taken: list[str] = []

    def take(box: Mailbox) -> int:
        new = [one.raw.decode() for one in box.fetch() if one.raw.decode() not in taken]
        taken.extend(new)
        return len(new)

    watch = MailboxWatch(lambda: Mailbox(settings(server.port), "hunter2"), take, timedelta(seconds=300))
    watch.start()
    try:
        yield taken
    finally:
        watch.stop(20)


def one_mail(talk: Talk) -> None:
    talk.say("* 1 EXISTS", "* OK [UIDVALIDITY 1]")
    talk.done("OK selected")


def whole_mail(talk: Talk) -> None:
    """The head of mail 1, then its body."""
    if talk.words[0].upper() == "UID":
        talk.say_raw(f"* 1 FETCH (UID 7 BODY[] {{{len(RAW)}}}\r\n{RAW})\r\n")
    else:
        talk.say(f'* 1 FETCH (UID 7 RFC822.SIZE {len(RAW)} INTERNALDATE "23-Nov-2026 10:00:00 +0100")')
    talk.done()


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What we wrote into the log."""
    return [record.message for record in caplog.records if record.name.startswith("privacybot")]


class Later:
    """Misbehaves the first `times`, then answers well."""

    def __init__(self, first: object, then: object, times: int = 1) -> None:
        self._scripts, self._times, self.calls = (first, then), times, 0

    def __call__(self, talk: Talk) -> None:
        self.calls += 1
        script = self._scripts[self.calls > self._times]
        script(talk)  # type: ignore[operator]


def test_no_starttls_no_password() -> None:
    with ScriptedImap() as server, pytest.raises(MailboxError):
        Mailbox(settings(server.port, "starttls"), "hunter2")
    assert "CAPABILITY" in server.verbs
    assert "LOGIN" not in server.verbs and "hunter2" not in " ".join(server.heard)


def test_starttls_that_is_refused_no_password() -> None:
    def refuse(talk: Talk) -> None:
        talk.done("NO not today")

    with ScriptedImap("STARTTLS", STARTTLS=refuse) as server, pytest.raises(MailboxError):
        Mailbox(settings(server.port, "starttls"), "hunter2")
    assert "STARTTLS" in server.verbs and "LOGIN" not in server.verbs


@pytest.mark.parametrize("security", ["none", "tls", "starttls"])
def test_a_server_that_says_nothing_is_left_within_the_timeout(security: str) -> None:
    with ScriptedImap(greet=Talk.mute) as server, pytest.raises(MailboxError):
        Mailbox(settings(server.port, security), "hunter2")
    assert server.heard == [] or security == "tls"


def test_nobody_there() -> None:
    with pytest.raises(MailboxError, match="ConnectionRefusedError"):
        Mailbox(settings(free_ports(1)[0]), "hunter2")


def test_a_login_that_is_refused_hangs_up() -> None:
    gone: list[bool] = []

    def refuse(talk: Talk) -> None:
        talk.done("NO [AUTHENTICATIONFAILED] no")
        gone.append(not talk.next_command())

    with ScriptedImap(LOGIN=refuse) as server:
        with pytest.raises(MailboxError, match="the server refused user or password") as refusal:
            Mailbox(settings(server.port), "hunter2")
        wait_until(lambda: gone)
    assert refusal.value.login and gone == [True]


@pytest.mark.parametrize(
    "script",
    [
        Talk.mute,
        Talk.hang_up,
        lambda talk: talk.say("* BYE overloaded"),
        lambda talk: talk.done("NO throttled"),
        lambda talk: talk.done("BAD what"),
        Talk.done,  # no EXISTS
        lambda talk: talk.say_raw("* 1 EXI"),
        lambda talk: talk.say("nonsense", f"{talk.tag} OK"),
    ],
)
def test_a_mailbox_that_can_not_be_looked_into(script: object) -> None:
    with ScriptedImap(SELECT=script) as server, opened(server) as box, pytest.raises(MailboxError) as trouble:  # type: ignore[arg-type]
        box.fetch()
    assert "throttled" not in str(trouble.value) and not trouble.value.login


def test_after_trouble_closing_waits_for_no_answer() -> None:
    with ScriptedImap(SELECT=Talk.mute) as server:
        with opened(server) as box, pytest.raises(MailboxError):
            box.fetch()
        assert "LOGOUT" not in server.verbs


@pytest.mark.parametrize("head", ["", "UID 7", 'UID 7 RFC822.SIZE 10 INTERNALDATE "no date"', "RFC822.SIZE 10 FLAGS ()"])
def test_answers_that_lack_a_field_stop_nothing(head: str) -> None:
    def fetch(talk: Talk) -> None:
        talk.say(f"* 1 FETCH ({head})")
        talk.done()

    with ScriptedImap(SELECT=one_mail, FETCH=fetch) as server, opened(server) as box:
        assert box.fetch() == []


def test_a_mail_that_came_without_its_text_is_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    def without(talk: Talk) -> None:
        if talk.words[0].upper() == "UID":
            talk.say("* 1 FETCH (UID 7 FLAGS ())")
            talk.done()
        else:
            whole_mail(talk)

    with ScriptedImap(SELECT=one_mail, FETCH=Later(without, whole_mail, 6)) as server, opened(server) as box:
        assert [box.fetch(), box.fetch(), box.fetch()] == [[], [], []]
        [one] = box.fetch()
    assert (one.uid, one.raw.decode()) == (7, RAW)
    assert told(caplog) == ["mailbox: the server gives 1 mails without their text; they are asked for again"]


@pytest.mark.parametrize(("capabilities", "expunge"), [("UIDPLUS", "UID EXPUNGE 7"), ("", "EXPUNGE")])
def test_a_server_without_move_gets_a_copy_and_a_deletion(capabilities: str, expunge: str) -> None:
    with ScriptedImap(capabilities, SELECT=one_mail, FETCH=whole_mail) as server, opened(server) as box:
        box.file([one.uid for one in box.fetch()], "Privacy/Filed")
    assert [line for line in server.heard if "COPY" in line or "EXPUNGE" in line] == ['UID COPY 7 "Privacy/Filed"', expunge]


@pytest.mark.parametrize(
    "during_idle",
    [
        lambda talk: talk.say_raw("* 1 EXI"),  # half a line, and no more
        Talk.hang_up,
        lambda talk: (talk.say("* BYE going down"), talk.hang_up()),
        Talk.mute,
        lambda talk: talk.say("nonsense"),
    ],
)
def test_trouble_while_waiting_is_told_to_the_watch(during_idle: object) -> None:
    def idle(talk: Talk) -> None:
        talk.say("+ idling")
        during_idle(talk)  # type: ignore[operator]
        talk.mute()

    wake, poke = socket.socketpair()
    poke.send(b"!")  # as the clock does each minute
    with ScriptedImap(IDLE=idle) as server, opened(server) as box:
        box.fetch()
        with pytest.raises(MailboxError):
            box.wait(300, wake)
    wake.close()
    poke.close()


def test_a_line_that_comes_in_two_halves_is_read() -> None:
    def idle(talk: Talk) -> None:
        talk.say_raw("+ idling\r\n* 1 EXI")
        talk.say_raw("STS\r\n")
        talk.reader.readline()
        talk.done()

    wake, poke = socket.socketpair()
    with ScriptedImap(IDLE=idle) as server, opened(server) as box:
        box.fetch()
        box.wait(300, wake)
        assert box.fetch() == []
    wake.close()
    poke.close()


@pytest.mark.parametrize(
    ("verb", "trouble"),
    [("LOGIN", lambda talk: talk.done("NO Suggested Backoff Time: 20 milliseconds")), ("FETCH", Talk.hang_up)],
)
def test_the_watch_comes_back_after_trouble_and_says_so_once(verb: str, trouble: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    scripts = {"SELECT": one_mail, "FETCH": whole_mail, "IDLE": Later(idle_and_wake, answer_idle)}
    scripts[verb] = Later(trouble, scripts.get(verb, Talk.done))
    with ScriptedImap(**scripts) as server:  # type: ignore[arg-type]
        with watched(server) as taken:
            wait_until(lambda: taken)
            wait_until(lambda: "works again" in caplog.text)
        assert taken == [RAW]
    lines = told(caplog)
    assert len(lines) == 2 and lines[0].endswith("; retrying until it works, nothing is lost") and lines[1] == "mailbox: works again"


def idle_and_wake(talk: Talk) -> None:
    talk.say("+ idling", "* 1 EXISTS")
    talk.reader.readline()
    talk.done()


def test_a_server_that_never_lets_us_wait_is_asked_ever_more_seldom(caplog: pytest.LogCaptureFixture) -> None:
    """Each round works until IDLE: without a growing pause that would be a login each second, and two log lines."""
    caplog.set_level(logging.INFO)
    with ScriptedImap(IDLE=lambda talk: talk.done("NO never")) as server, watched(server):
        wait_until(lambda: server.verbs.count("LOGIN") == 2)
    assert len(told(caplog)) == 1


def test_a_password_that_becomes_wrong_is_told_also_in_the_middle_of_other_trouble(caplog: pytest.LogCaptureFixture) -> None:
    refuse = Later(Talk.hang_up, lambda talk: talk.done("NO [AUTHENTICATIONFAILED] no"))
    with ScriptedImap(LOGIN=refuse) as server, watched(server):
        wait_until(lambda: "refused user or password" in caplog.text)


def test_an_unheard_of_mistake_does_not_end_the_watch(caplog: pytest.LogCaptureFixture) -> None:
    looks: list[int] = []

    def take(_: Mailbox) -> int:
        looks.append(1)
        if len(looks) == 1:
            raise ZeroDivisionError("private words")
        return 0

    with ScriptedImap() as server:
        watch = MailboxWatch(lambda: Mailbox(settings(server.port), "hunter2"), take, timedelta(seconds=300))
        watch.start()
        wait_until(lambda: len(looks) > 1)
        watch.stop(20)
    assert "ZeroDivisionError" in caplog.text and "private words" not in caplog.text
