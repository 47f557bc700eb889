"""The mailbox with servers that want to be left alone, let nothing be moved, tamper with TLS or fall silent while we wait."""

import logging
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.intake import Filed, Filing
from bot.mailbox import COPIED, Mailbox, MailboxError
from bot.sorting import Sorter
from bot.workers import MailboxWatch
from models import Vault, open_engine
from models.schema import upgrade
from tests.builders import KEY, Bench, Clock, mail, sqlite_url
from tests.live.dovecot import wait_until
from tests.live.scripted_imap import ScriptedImap, Talk
from tests.live.test_mailbox_trouble import RAW, Later, one_mail, opened, settings, told, whole_mail

THROTTLED = "NO Request is throttled. Suggested Backoff Time: 299910 milliseconds"


def waits_of(server: ScriptedImap, number: int) -> list[float]:
    """How long the watch waits after each of the first so many troubles; the waiting itself is left out."""
    waits: list[float] = []
    enough = Event()

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) >= number:
            enough.set()
            watch.halt()

    def take(box: Mailbox) -> int:
        return len(box.fetch())

    watch = MailboxWatch(lambda: Mailbox(settings(server.port), "hunter2"), take, timedelta(seconds=300), pause=pause)
    watch.start()
    assert enough.wait(30)
    watch.stop(20)
    return waits


@pytest.mark.parametrize("verb", ["LOGIN", "LIST", "SELECT"])
def test_a_server_that_wants_to_be_left_alone_is_left_alone_that_long(verb: str, caplog: pytest.LogCaptureFixture) -> None:
    scripts: dict[str, Any] = {verb: lambda talk: talk.done(THROTTLED)}
    with ScriptedImap(**scripts) as server:
        waits = waits_of(server, 3)
    assert all(299.9 <= seconds <= 375 for seconds in waits)
    assert server.verbs.count("LOGIN") == 3  # one for each wait: no storm
    assert told(caplog) == ["mailbox: the server asks us to wait 300 s; retrying until it works, nothing is lost"]


@pytest.mark.parametrize(
    ("greeting", "least"),
    [("* BYE Too many simultaneous connections", 120), ("* BYE [UNAVAILABLE] try later", 60), ("* BYE bad day", 0)],
)
def test_a_greeting_that_sends_us_away_is_understood(greeting: str, least: int) -> None:
    def greet(talk: Talk) -> None:
        talk.say(greeting)
        talk.hang_up()

    with ScriptedImap(greet=greet) as server:
        [seconds] = waits_of(server, 1)
    assert least <= seconds <= max(2, least * 1.25)


def test_no_wish_is_obeyed_for_longer_than_a_quarter_of_an_hour() -> None:
    with ScriptedImap(LOGIN=lambda talk: talk.done("NO Suggested Backoff Time: 99999999 milliseconds")) as server:
        assert waits_of(server, 2) == [900, 900]


def test_an_inbox_that_may_only_be_read_is_taken_all_the_same() -> None:
    def read_only(talk: Talk) -> None:
        talk.say("* 1 EXISTS", "* OK [UIDVALIDITY 1]")
        talk.done("OK [READ-ONLY] selected")

    with ScriptedImap(SELECT=read_only, EXAMINE=read_only, FETCH=whole_mail) as server, opened(server) as box:
        [one] = box.fetch()
        assert box.file([one.uid], "Privacy/Filed") == {7: "Privacy/Filed"}
    assert "MOVE" not in server.verbs and one.raw.decode() == RAW


def test_folders_that_may_not_be_made_stop_nothing() -> None:
    scripts: dict[str, Any] = {"LIST": Talk.done, "CREATE": lambda talk: talk.done("NO [NOPERM] no"), "SEARCH": found(7)}
    scripts |= {"SELECT": one_mail, "FETCH": whole_mail, "MOVE": lambda talk: talk.done("NO [TRYCREATE] none")}
    with ScriptedImap(**scripts) as server, opened(server) as box:
        assert box.file([one.uid for one in box.fetch()], "Privacy/Filed") == {7: "Privacy/Filed"}


def found(*uids: int) -> Callable[[Talk], None]:
    def search(talk: Talk) -> None:
        talk.say(f"* SEARCH {' '.join(map(str, uids))}")
        talk.done()

    return search


def test_one_mail_that_will_not_move_keeps_no_other_back() -> None:
    def move(talk: Talk) -> None:
        talk.done("NO [OVERQUOTA] too large" if "7" in talk.words[2].split(",") else "OK moved")

    with ScriptedImap(MOVE=move, SEARCH=found(7, 8, 9)) as server, opened(server) as box:
        box.fetch()
        left = box.file([7, 8, 9], "Privacy/Filed")
    assert left == {7: "Privacy/Filed"}
    assert next(line for line in server.heard if "MOVE" in line) == 'UID MOVE 7,8,9 "Privacy/Filed"'


def test_a_copy_is_made_once_where_the_original_may_not_be_deleted() -> None:
    scripts: dict[str, Any] = {"STORE": lambda talk: talk.done("NO [NOPERM] no"), "SEARCH": found(7), "SELECT": one_mail}
    with ScriptedImap("UIDPLUS", FETCH=whole_mail, **scripts) as server, opened(server) as box:
        uids = [one.uid for one in box.fetch()]
        assert box.file(uids, "Privacy/Filed") == {7: COPIED}
        assert box.file(uids, COPIED) == {7: COPIED}
    assert server.verbs.count("UID") > 4 and sum("COPY" in line for line in server.heard) == 1


def test_a_server_that_says_moved_and_moves_nothing_does_not_keep_us_busy(tmp_path: Path) -> None:
    """INBOX shows the same mail for ever; after the second look it is known for one that will not go."""
    engine, clock, lines = open_engine(sqlite_url(tmp_path), Vault(KEY)), Clock(), dict[str, str]()
    upgrade(engine)

    def transact(step: Callable[[Session], Any]) -> Any:
        with sessionmaker(engine).begin() as session:
            return step(session)

    with ScriptedImap(SELECT=one_mail, FETCH=whole_mail, SEARCH=found(7)) as server, opened(server) as box:
        sorter = Sorter(transact, lambda _: Filed(Filing.OPENED), lines.__setitem__, clock)
        took = []
        for _ in range(6):
            took.append(sorter.take(box))
            clock.at += timedelta(minutes=10)
    engine.dispose()
    assert took == [1, 1, 0, 0, 0, 0]
    assert sum("BODY" in line for line in server.heard) == 2
    assert len(lines) == 1


def test_another_uidvalidity_makes_all_numbers_new(tmp_path: Path) -> None:
    """The mailbox was rebuilt: what had not moved is looked at anew, known by its content, and another mail under its number is taken."""
    validity, raw = [1], [RAW]

    def select(talk: Talk) -> None:
        talk.say("* 1 EXISTS", f"* OK [UIDVALIDITY {validity[0]}]")
        talk.done("OK selected")

    def fetch(talk: Talk) -> None:
        if talk.words[0].upper() == "UID" and "BODY" in " ".join(talk.words):
            talk.say_raw(f"* 1 FETCH (UID 7 BODY[] {{{len(raw[0])}}}\r\n{raw[0]})\r\n")
        else:
            talk.say(f'* 1 FETCH (UID 7 RFC822.SIZE {len(raw[0])} INTERNALDATE "23-Nov-2026 10:00:00 +0100")')
        talk.done()

    bench = Bench(sqlite_url(tmp_path))
    scripts: dict[str, Any] = {"SELECT": select, "FETCH": fetch, "SEARCH": found(7), "MOVE": lambda talk: talk.done("NO [NOPERM] no")}
    with ScriptedImap(**scripts) as server, opened(server) as box:
        assert [bench.app.take_mail(box), bench.app.take_mail(box)] == [1, 0]
        validity[0] = 2
        assert [bench.app.take_mail(box), bench.app.take_mail(box)] == [1, 0]
        assert bench.app.figures()["tickets_open"] == 1
        validity[0], raw[0] = 3, mail("Please delete my data.", sender="ann@other.example", number=2).decode()
        assert [bench.app.take_mail(box), bench.app.take_mail(box)] == [1, 0]
    assert bench.app.figures()["tickets_open"] == 2
    bench.close()


def test_a_mail_whose_text_never_comes_is_taken_by_its_headers(tmp_path: Path) -> None:
    head = RAW.partition("\r\n\r\n")[0] + "\r\n\r\n"

    def fetch(talk: Talk) -> None:
        if "HEADER" in " ".join(talk.words):
            talk.say_raw(f"* 1 FETCH (UID 7 BODY[HEADER] {{{len(head)}}}\r\n{head})\r\n")
            talk.done()
        elif talk.words[0].upper() == "UID":
            talk.say("* 1 FETCH (UID 7 FLAGS ())")
            talk.done()
        else:
            whole_mail(talk)

    bench = Bench(sqlite_url(tmp_path))
    with ScriptedImap(SELECT=one_mail, FETCH=fetch) as server, opened(server) as box:
        assert [len(box.fetch()) for _ in range(3)] == [0, 0, 0]
        [one] = box.fetch()
    assert one.withheld and bench.app.file_mail(one).reference
    bench.app.deliver()
    assert "the server does not give its text" in str(next(parcel for parcel in bench.slack.sent if parcel.kind == "card").payload)
    bench.close()


@pytest.mark.parametrize(
    "answer",
    [
        "{tag} OK begin TLS\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n* 1 EXISTS\r\n",  # put in before TLS begins (CVE-2011-0411's way)
        "{tag} OK begin TLS\r\nA2 OK you are logged in\r\n",
    ],
)
def test_words_slipped_in_before_tls_give_nobody_a_password(answer: str) -> None:
    scripts: dict[str, Any] = {"STARTTLS": lambda talk: talk.say_raw(answer.format(tag=talk.tag))}
    with ScriptedImap("STARTTLS", **scripts) as server, pytest.raises(MailboxError):
        Mailbox(settings(server.port, "starttls"), "hunter2")
    assert "hunter2" not in " ".join(server.heard) and "LOGIN" not in server.verbs


def test_a_greeting_that_pretends_we_are_logged_in_already_is_refused() -> None:
    """RFC 9051 6.2.1: PREAUTH before STARTTLS would keep the line in clear."""
    with ScriptedImap("STARTTLS", greet=lambda talk: talk.say("* PREAUTH welcome")) as server, pytest.raises(MailboxError):
        Mailbox(settings(server.port, "starttls"), "hunter2")
    assert set(server.verbs) <= {"CAPABILITY"}


@pytest.mark.parametrize("goes", [Talk.mute, Talk.hang_up, lambda talk: (talk.say("* BYE down"), talk.mute())])
@pytest.mark.parametrize("capabilities", ["IDLE", ""])
def test_a_line_that_dies_while_we_wait_is_found_without_a_poke(goes: Any, capabilities: str) -> None:
    """At the first renewal: here each second, else each 40, and 15 for the answer."""

    def idle(talk: Talk) -> None:
        talk.say("+ idling")
        goes(talk)

    wake, poke = socket.socketpair()
    with ScriptedImap(capabilities, IDLE=idle, NOOP=goes) as server:
        config = settings(server.port).model_copy(update={"idle_renew": timedelta(seconds=1)})
        box = Mailbox(config, "hunter2")
        box.fetch()
        with pytest.raises(MailboxError):
            box.wait(300, wake)
    wake.close()
    poke.close()


def test_a_quiet_line_is_kept_and_what_the_renewal_tells_wakes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    def news(talk: Talk) -> None:
        talk.say("* 1 EXISTS")
        talk.done()

    wake, poke = socket.socketpair()
    with ScriptedImap("IDLE", NOOP=Later(Talk.done, news)) as server:
        box = Mailbox(settings(server.port).model_copy(update={"idle_renew": timedelta(seconds=1)}), "hunter2")
        box.fetch()
        box.wait(300, wake)
        box.close()
    wait_until(lambda: server.verbs.count("IDLE") == 2)
    assert server.verbs.count("LOGIN") == 1
    wake.close()
    poke.close()
