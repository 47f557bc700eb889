"""`privacybot held`: what it lists, shows to the one who asks, reads again and lets go, and what it refuses."""

import json
import stat

import pytest

from bot.app import now
from bot.mailbox import Mail
from tests import builders
from tests.builders import Bench, mail
from tests.filing import JO, journal
from tests.terminal import Terminal
from tests.test_held import ERASE, hold


def held_ticket(terminal: Terminal, raw: bytes = ERASE, reason: str = "RuntimeError") -> str:
    bench = Bench(f"sqlite:///{terminal.database}", slack=False, at=now())
    try:
        return hold(bench, reason, raw)
    finally:
        bench.close()


def too_large(terminal: Terminal, number: int, mailbox: str) -> str:
    bench = Bench(f"sqlite:///{terminal.database}", slack=False, at=now())
    head = mail("", number=number).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    try:
        return bench.app.file_mail(Mail(number, bench.clock(), head, too_large=True, mailbox=mailbox)).reference or ""
    finally:
        bench.close()


def journalled(terminal: Terminal, reference: str) -> list[str]:
    bench = Bench(f"sqlite:///{terminal.database}", slack=False)
    try:
        return journal(bench, reference)
    finally:
        bench.close()


def test_the_list_names_nobody(terminal: Terminal) -> None:
    reference = held_ticket(terminal)
    code, out, err = terminal.run("held", "list", "--json")
    [row] = json.loads(out)
    assert (code, err, row["reference"], row["reason"], row["size"]) == (0, "", reference, "RuntimeError", len(ERASE))
    table = terminal.run("held", "list")[1]
    assert reference in table and "RuntimeError" in table
    assert JO not in out + table and "My data" not in out + table


def test_the_mail_is_shown_to_the_one_who_asks_and_that_is_journalled(terminal: Terminal) -> None:
    reference = held_ticket(terminal, mail("Please delete \x1b]0;evil\x07\x1b[2J all my data.", subject="Löschung"))
    code, out, err = terminal.run("held", "show", reference.lower())
    assert (code, err) == (0, "")
    assert "From:      Jo Doe <jo@home.example>" in out and "Subject:   Löschung" in out and "Held for:  RuntimeError" in out
    assert "Please delete" in out and "all my data." in out and "\x1b" not in out and "\x07" not in out
    assert "read" in journalled(terminal, reference)


def test_of_one_too_large_its_headers_and_its_place_are_shown(terminal: Terminal) -> None:
    further = {"name": "uk", "address": "uk@example.test", **{key: builders.config_data()["mailbox"][key] for key in ("imap", "smtp")}}
    folders = {"filed": "Register/Done"}
    terminal.environ["PRIVACYBOT_IMAP_PASSWORD_UK"] = "secret"
    terminal.write(model=None, mailboxes=[{**further, "imap": {**further["imap"], "folders": folders}}])
    references = [too_large(terminal, number, mailbox) for number, mailbox in enumerate(("main", "uk"), 1)]
    shown = [terminal.run("held", "show", reference)[1] for reference in references]
    assert all("From:      Jo Doe <jo@home.example>" in out and "Subject:   My data" in out for out in shown)
    assert [out.strip().rpartition("lies in ")[2] for out in shown] == ["Privacy/Filed.", "Register/Done."]


def test_what_no_reader_can_read_is_shown_as_it_came(terminal: Terminal) -> None:
    reference = held_ticket(terminal, reason="unreadable: KeyError")
    assert "delete all personal data" in terminal.run("held", "show", reference)[1]


def test_the_raw_mail_goes_into_a_file_for_its_reader_alone_and_over_no_other(terminal: Terminal) -> None:
    reference, file = held_ticket(terminal), terminal.folder / "mail.eml"
    assert terminal.run("held", "show", reference, "--raw", "mail.eml") == (0, "", "")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (ERASE, 0o600)
    assert terminal.run("held", "show", reference, "--raw", "mail.eml") == (2, "", "--raw mail.eml: can't be written (File exists)\n")


def test_read_again(terminal: Terminal) -> None:
    reference = held_ticket(terminal)
    assert terminal.run("held", "retry", reference) == (0, f"{reference} is read now; acknowledgement\n", "")
    assert terminal.run("held", "list", "--json")[1] == "[]\n"
    assert terminal.run("held", "retry", reference) == (2, "", f"Nothing is held of {reference}.\n")


def test_one_that_still_breaks_us_is_kept(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = held_ticket(terminal)

    def broken(*_: object) -> None:
        raise RuntimeError("private words")

    with monkeypatch.context() as patch:
        patch.setattr("bot.unread.parse_email", broken)
        assert terminal.run("held", "retry", reference) == (1, f"{reference} is still held: RuntimeError.\n", "")
    assert json.loads(terminal.run("held", "list", "--json")[1])[0]["reference"] == reference


def test_let_go(terminal: Terminal) -> None:
    first, second = held_ticket(terminal), held_ticket(terminal, mail("Something else.", number=9))
    assert terminal.run("held", "release", first)[:2] == (0, f"{first}: no longer held; the ticket and its clock go on\n")
    assert terminal.run("held", "release", second, "--as", "noise")[:2] == (0, f"{second}: closed as not a request\n")
    assert "closed" in journalled(terminal, second) and "closed" not in journalled(terminal, first)


def test_bad_input(terminal: Terminal) -> None:
    assert terminal.run("held", "show", "PRV-2026-99999") == (2, "", "There is no such ticket.\n")
    code, out, err = terminal.run("held", "release", "PRV-2026-00001", "--as", "rubbish")
    assert (code, out) == (2, "") and "allowed are handled and noise" in err
