"""`privacybot export`: one ticket as files for an authority: all of it, only it, and nothing beside its folder."""

import json
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import now
from intents.catalog import Intent
from models import MessageFile
from tests import builders
from tests.builders import Bench, mail
from tests.filing import JO, close, journal, opened, take
from tests.terminal import Terminal

REF = "PRV-2026-00001"
NAMES = ("../../evil.txt", "pass.pdf", "PASS.PDF", "con.txt", "履歴書.pdf")


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    (tmp_path / "here").mkdir()
    terminal = Terminal(tmp_path / "here", monkeypatch, capsys)
    terminal.environ["PRIVACYBOT_KEY"] = builders.KEY
    terminal.write(model=None)
    return terminal


@pytest.fixture
def bench(terminal: Terminal) -> Iterator[Bench]:
    bench = Bench(f"sqlite:///{terminal.database}", slack=False)
    yield bench
    bench.close()


def with_files() -> bytes:
    parts = "--x\nContent-Type: text/plain; charset=utf-8\n\nMy <b>passport</b> is attached. Ünï\n"
    for name in NAMES:
        parts += f"--x\nContent-Type: application/pdf; name=\"{name}\"\nContent-Disposition: attachment\n\nContent of {name}\n"
    return mail(parts + "--x--").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=x", 1)


def rename(session: Session) -> None:
    """The reader takes the folders off already; were it not to, this must hold."""
    for file, name in zip(session.scalars(select(MessageFile).order_by(MessageFile.id)), NAMES, strict=True):
        file.name = name


def worked_on(bench: Bench) -> str:
    reference = take(bench, with_files(), Intent.ACCESS).reference or ""
    bench.app.read(rename)
    bench.app.deliver()
    bench.app.act("ask", reference, "U1", about="id", question="Which shop?")
    bench.clock.at += timedelta(days=2)
    bench.app.act("id_received", reference, "U1")
    close(bench, reference, access="fulfilled")
    return reference


def paths(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_folder_with_all_of_it_for_its_reader_alone(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    code, out, err = terminal.run("export", REF)
    assert (code, err) == (0, "") and out.startswith(f"{REF}: 16 files.")
    folder = terminal.folder / REF
    assert paths(folder) == sorted([
        "SHA256SUMS", "index.html", "journal.jsonl", "ticket.json", "messages/001.txt", "messages/002.txt", "messages/003.txt",
        "messages/004.txt", "messages/001-files/_.._evil.txt", "messages/001-files/pass.pdf", "messages/001-files/PASS-2.PDF",
        "messages/001-files/_con.txt", "messages/001-files/履歴書.pdf", "letters/002-acknowledgement.eml", "letters/003-id-question-1.eml",
        "letters/004-closing-1.eml",
    ])  # fmt: skip
    assert {stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")] if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()} == {0o600}
    assert sorted(path.name for path in terminal.folder.iterdir() if path.is_dir()) == [REF]  # nothing went elsewhere
    assert (folder / "messages/001-files/_.._evil.txt").read_text().strip() == "Content of ../../evil.txt"
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=folder, check=True)
    assert len((folder / "SHA256SUMS").read_text().splitlines()) == len(paths(folder)) - 1


def test_the_page_says_what_was_asked_when_and_why_it_is_due(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    terminal.run("export", REF)
    page = (terminal.folder / REF / "index.html").read_text("utf-8")
    for words in ("Access", "23 November 2026, 10:00", "My &lt;b&gt;passport&lt;/b&gt; is attached. Ünï", JO, "Art 12(3)", "1 month",
                  "clocks-20", "Id requested", "Fulfilled", "Intact", "Which shop?"):  # fmt: skip
        assert words in page, words
    assert "<b>passport" not in page and "src=" not in page and "href=\"http" not in page


def test_letters_are_mails(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    terminal.run("export", REF)
    letter = message_from_bytes((terminal.folder / REF / "letters/002-acknowledgement.eml").read_bytes(), policy=policy.default)
    assert (letter["To"], letter["From"]) == (JO, "privacy@example.test")
    assert REF in letter["Subject"] and letter["Date"].datetime == builders.MONDAY and REF in letter.get_content()


def test_anybody_can_follow_the_chain_without_the_key(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    terminal.run("export", REF)
    facts = json.loads((terminal.folder / REF / "ticket.json").read_text("utf-8"))
    before = ""
    lines = (terminal.folder / REF / "journal.jsonl").read_text().splitlines()
    for line in map(json.loads, lines):
        hashed = ["privacybot-journal-1", before, REF, line["number"], line["at"], line["kind"], line["actor"], line["detail"]]
        before = sha256(json.dumps(hashed, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        assert before == line["hash"]
    assert json.loads(lines[-1])["kind"] == "exported" and json.loads(lines[-1])["actor"] == "cli"
    assert facts["journal"]["last_hash"] == before and facts["journal"]["intact"] is True
    assert journal(bench, REF)[-1] == "exported"


def test_a_journal_that_is_broken_is_said_to_be(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    bench.app.read(lambda session: session.connection().exec_driver_sql("UPDATE events SET actor = 'slack:U2' WHERE kind = 'closed'"))
    terminal.run("export", REF)
    assert "Not intact: PRV-2026-00001: line " in (terminal.folder / REF / "index.html").read_text("utf-8")


def test_redacted_it_names_nobody_and_quotes_nothing(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    assert terminal.run("export", REF, "--redact")[0] == 0
    assert paths(terminal.folder / REF) == ["SHA256SUMS", "index.html", "journal.jsonl", "ticket.json"]
    whole = "".join((terminal.folder / REF / path).read_text("utf-8") for path in paths(terminal.folder / REF))
    assert not any(word in whole for word in (JO, "Jo Doe", "passport", "My data", "pass.pdf", "Which shop"))
    assert "left out of this copy" in whole and "application/pdf" in whole


def test_a_zip_file_is_the_same_for_the_same_content(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    assert terminal.run("export", REF, "--zip")[0] == 0
    packed = terminal.folder / f"{REF}.zip"
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600
    with zipfile.ZipFile(packed) as found:
        assert found.testzip() is None
        assert all(name.startswith(f"{REF}/") and ".." not in name.split("/") for name in found.namelist())
        assert {info.date_time for info in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_overwrites_nothing(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    (terminal.folder / "there").write_text("mine")
    (terminal.folder / "link").symlink_to("nowhere")
    before = len(journal(bench, REF))
    for place in ("there", ".", "link"):
        code, out, err = terminal.run("export", REF, "--out", place)
        assert (code, out) == (2, "") and err == f"{place}: is there already; it was left as it is. Name another place with --out\n"
    assert (terminal.folder / "there").read_text() == "mine" and len(journal(bench, REF)) == before


def test_a_place_that_can_not_be_written(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    assert terminal.run("export", REF, "--out", "no/where") == (2, "", "no/where: can't be written (No such file or directory)\n")
    assert terminal.run("export", REF, "--out", "no/where.zip")[0] == 2


@pytest.mark.parametrize("reference", ["PRV-2026-99999", "everything", "../x", ""])
def test_a_ticket_that_is_none(terminal: Terminal, reference: str) -> None:
    code, out, err = terminal.run("export", reference)
    assert (code, out, len(err.splitlines())) == (2, "", 1) and err.startswith("There is no")
    assert sorted(path.name for path in terminal.folder.iterdir() if path.is_dir()) == []


def test_what_was_purged_is_said_and_not_made_up(terminal: Terminal, bench: Bench) -> None:
    worked_on(bench)
    bench.clock.at += timedelta(days=400)
    bench.app.purge()
    assert terminal.run("export", REF)[0] == 0
    folder = terminal.folder / REF
    assert paths(folder) == ["SHA256SUMS", "index.html", "journal.jsonl", "ticket.json"]
    page = (folder / "index.html").read_text("utf-8")
    assert page.count("Not in this copy: its text, subject and address were deleted when their keeping time was over.") == 4
    assert "Fulfilled" in page and "Intact" in page and JO not in page
    bench.clock.at += timedelta(days=2000)
    bench.app.purge()
    code, _, err = terminal.run("export", REF, "--out", "later")
    assert code == 2 and err.startswith(f"{REF} was purged on 20") and not (terminal.folder / "later").exists()


def test_a_ticket_without_a_message_or_an_answer(terminal: Terminal, bench: Bench) -> None:
    bench.clock.at = now()
    opened(bench, Intent.BREACH_REPORT)
    assert terminal.run("export", REF.lower())[0] == 0
