"""`privacybot import`: old mail becomes tickets with true dates, once, and without a word to anybody unless wished."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.app import now
from models import Message
from tests import builders
from tests.builders import Bench, mail
from tests.filing import notices, rows, the_ticket
from tests.terminal import Terminal

ERASE = "Please delete all personal data that you hold about me, Article 17 GDPR."
BREACH = "Your customer database with thousands of names and addresses lies open on the internet; this is a personal data breach."
OLD = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    terminal = Terminal(tmp_path, monkeypatch, capsys)
    terminal.environ["PRIVACYBOT_KEY"] = builders.KEY
    terminal.write(model=None, slack={"desk_channel": "C0DESK"})
    return terminal


@pytest.fixture
def bench(terminal: Terminal) -> Iterator[Bench]:
    """The running bot's view of the same database, months later."""
    bench = Bench(f"sqlite:///{terminal.database}")
    yield bench
    bench.close()


def old(number: int, body: str = ERASE, *, at: datetime = OLD, sender: str = "", headers: str = "") -> bytes:
    received = f"Received: from a by b; {at:%a, %d %b %Y %H:%M:%S} +0000\n"
    return mail(body, number=number, sender=sender or f"P{number} <p{number}@people.example>", headers=received + headers)


def backlog(terminal: Terminal, *mails: bytes, name: str = "old.mbox") -> str:
    with (terminal.folder / name).open("wb") as file:
        for raw in mails:
            file.write(b"From x Mon Mar  2 09:00:00 2026\n" + raw.replace(b"\r\n", b"\n") + b"\n")
    return name


def summary(out: str) -> str:
    return out.splitlines()[0]


def test_tickets_bear_the_date_on_which_it_came_and_nobody_is_written_to(terminal: Terminal, bench: Bench) -> None:
    answer = old(3, "Here is my customer number for it: 4711.", at=OLD + timedelta(days=1), sender="P1 <p1@people.example>",
                 headers="In-Reply-To: <m1@home.example>\n")  # fmt: skip
    robot = old(4, "I am away.", headers="Auto-Submitted: auto-replied\n")
    party = old(5, "Our summer party is on Friday at six, bring your friends and good mood.")
    file = backlog(terminal, answer, old(1), robot, party, old(2, at=OLD + timedelta(hours=1)))
    code, out, err = terminal.run("import", "mbox", file)
    assert (code, err) == (0, "")
    assert summary(out) == "5 mails: 2 opened, 1 joined, 0 copy, 0 known, 1 noise, 1 ignored, 0 held, 0 failed"
    assert "Received dates: 5 by Received" in out
    ticket = the_ticket(bench, "PRV-2026-00001")
    assert (ticket.requester, ticket.received_at, ticket.requests[0].due_on) == ("p1@people.example", OLD, date(2026, 4, 2))
    assert [event.detail for event in ticket.events if event.kind in ("imported", "not_acknowledged")] == [
        {"reason": "imported: person"}, {"received_by": "Received"},
    ]  # fmt: skip
    assert [(notice.kind, notice.carrier) for notice in notices(bench)] == [("line", "slack")]
    assert "2 tickets were opened from a backlog" in str(notices(bench)[0].payload)


def test_a_second_run_knows_them_all(terminal: Terminal, bench: Bench) -> None:
    file = backlog(terminal, old(1), old(2), b"Subject: neither id nor date\n\n" + ERASE.encode())
    assert summary(terminal.run("import", "mbox", file)[1]).startswith("3 mails: 3 opened")
    again = summary(terminal.run("import", "mbox", file)[1])
    assert again == "3 mails: 0 opened, 0 joined, 0 copy, 3 known, 0 noise, 0 ignored, 0 held, 0 failed"
    assert len(notices(bench)) == 1


def test_a_dry_run_says_the_same_and_leaves_nothing(terminal: Terminal, bench: Bench) -> None:
    file = backlog(terminal, old(1), old(2), old(1))
    code, out, _ = terminal.run("import", "mbox", file, "--dry-run")
    assert (code, summary(out)) == (
        0, "Tried, nothing was filed: 3 mails: 2 opened, 0 joined, 0 copy, 1 known, 0 noise, 0 ignored, 0 held, 0 failed",
    )  # fmt: skip
    assert rows(bench, Message) == [] and notices(bench) == []
    terminal.run("import", "mbox", file)
    assert the_ticket(bench, "PRV-2026-00002").is_closed is False


def test_what_a_colleague_sent_from_the_mailbox_is_no_request(terminal: Terminal, bench: Bench) -> None:
    sent = old(1, sender="Privacy <privacy@example.test>").replace(b"To: privacy@example.test", b"To: jo@home.example")
    note = old(2, sender="Privacy <privacy@example.test>")  # from ourselves to ourselves: a form or a colleague's note
    out = terminal.run("import", "mbox", backlog(terminal, sent, note))[1]
    assert summary(out).startswith("2 mails: 1 opened, 0 joined, 0 copy, 0 known, 0 noise, 1 ignored")
    assert [message.rule for message in rows(bench, Message)] == ["sent_item", "imported: own_sender"]


def test_letters_and_cards_if_wished(terminal: Terminal, bench: Bench) -> None:
    terminal.run("import", "mbox", backlog(terminal, old(1), old(2), old(3)), "--acknowledge", "--cards")
    assert len(notices(bench, "acknowledgement")) == 3
    cards = notices(bench, "card")
    assert [(card.due_at - cards[0].due_at).total_seconds() for card in cards] == [0, 3, 6]


def test_hundreds_of_overdue_tickets_are_one_reminder_and_a_card_comes_when_one_is_viewed(terminal: Terminal, bench: Bench) -> None:
    terminal.run("import", "mbox", backlog(terminal, *(old(number) for number in range(1, 61)), old(99, BREACH)))
    bench.clock.at = datetime.combine(now().date(), time(9), UTC)
    while not bench.slack.of_kind("line")[1:]:  # until a working day, but a breach waits for none
        bench.clock.at += timedelta(days=1)
        bench.app.remind()
        bench.app.deliver()
    lines = [str(parcel.payload["text"]) for parcel in bench.slack.of_kind("line")]
    assert len(lines) == 2 and len(bench.letters.of_kind("escalation")) == 1
    assert "Breach reports or letters of authorities among them: PRV-2026-00061" in lines[0]
    bench.app.look("PRV-2026-00007", "U1")
    assert [notice.ticket_id for notice in notices(bench, "card")] == [the_ticket(bench, "PRV-2026-00007").id]


def test_only_what_came_since(terminal: Terminal) -> None:
    file = backlog(terminal, old(1), old(2, at=OLD + timedelta(days=9)))
    out = terminal.run("import", "mbox", file, "--since", "2026-03-05")[1]
    assert summary(out).startswith("1 mails: 1 opened") and "Left out, received before 2026-03-05: 1" in out


def test_a_maildir(terminal: Terminal) -> None:
    for name in ("cur", "new"):
        (terminal.folder / "md" / name).mkdir(parents=True)
    (terminal.folder / "md" / "cur" / "1:2,S").write_bytes(old(1))
    assert summary(terminal.run("import", "maildir", "md")[1]).startswith("1 mails: 1 opened")


def test_one_too_large_is_a_ticket_that_says_so(terminal: Terminal, bench: Bench) -> None:
    data = builders.config_data()["mailbox"]
    data["imap"]["largest_mail"] = "3kB"
    terminal.write(model=None, mailbox=data)
    terminal.run("import", "mbox", backlog(terminal, old(1, "x " * 3000)))
    assert any("too large" in warning for warning in the_ticket(bench, "PRV-2026-00001").warnings)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("mbox", "nowhere"), "nowhere: can't be read (No such file or directory)"),
        (("mbox", "config.yaml"), "config.yaml: is not an mbox file: its first line must begin with 'From '"),
        (("mbox", "."), ".: can't be read (Is a directory)"),
        (("maildir", "."), ".: is not a maildir: it must be a folder that holds cur/ and new/"),
        (("mbox", "old.mbox", "--since", "yesterday"), "--since: write a date as 2026-12-24"),
    ],
)
def test_bad_input_is_told_before_anything_is_filed(terminal: Terminal, arguments: tuple[str, ...], told: str) -> None:
    backlog(terminal, old(1))
    assert terminal.run("import", *arguments) == (2, "", told + "\n")
    assert not terminal.database.exists()


def test_a_mailbox_that_can_not_be_reached_is_no_bad_input(terminal: Terminal) -> None:
    code, out, err = terminal.run("import", "folder", "Archive")
    assert (code, out, err) == (1, "", "the mailbox at 127.0.0.1:1 can't be used now: ConnectionRefusedError\n")
