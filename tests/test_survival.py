"""What broke other systems must not break this one: failures by their number in docs/survival.md, where no other test shows them."""

import ast
import re
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.intake import Filing
from bot.mailbox import Mail
from bot.parsing import parse_email
from intents.catalog import Intent
from intents.classifier import Prediction
from models import Event, Message, Status
from models.schema import SchemaError
from tests.builders import MONDAY, Bench, mail
from tests.filing import notices, opened, reply, request_ids, rows, the_ticket

ROOT = Path(__file__).parent.parent
ERASE = "Please delete all personal data you hold about me under Article 17 GDPR."
PEOPLE = sorted(path.stem for path in (Path(__file__).parent / "mail").glob("person_*.eml"))


def test_every_failure_has_its_tests_and_they_exist() -> None:
    table = re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\|$", (ROOT / "docs" / "survival.md").read_text("utf-8"), re.MULTILINE)
    assert [int(number) for number, _ in table] == list(range(1, 26))
    there = {node.name for path in (ROOT / "tests").rglob("test_*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.FunctionDef)}  # fmt: skip
    named = {name for _, cell in table for name in re.findall(r"`(\w+)`", cell)}
    assert named <= there, named - there


@pytest.fixture
def full_disk(bench: Bench) -> Iterator[Bench]:
    """A database that may not grow any more."""

    def no_more(connection: object, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    bench.app.engine.dispose()
    event.listen(bench.app.engine, "connect", no_more)
    yield bench
    event.remove(bench.app.engine, "connect", no_more)


def test_02_a_full_disk_leaves_the_mail_where_it_is(full_disk: Bench) -> None:
    large = mail(ERASE + "\n" + "I mean it. " * 20_000)
    with pytest.raises(SchemaError, match="the disk is full"):
        full_disk.app.file_mail(Mail(1, MONDAY, large))
    assert rows(full_disk, Message) == []


class Poisoned:
    """A classifier that one mail breaks."""

    def __init__(self, bench: Bench) -> None:
        self._sound = bench.app._classifier

    def predict(self, subject: str, text: str) -> Prediction:
        if "poison" in text:
            raise RecursionError(text)
        return self._sound.predict(subject, text)


def test_05_a_poison_mail_is_kept_whole_with_its_clock_and_the_next_one_filed(
    any_bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    any_bench.app._classifier = Poisoned(any_bench)  # type: ignore[assignment]
    poison, sound = mail("poison", number=1), mail(ERASE, number=2)
    filed = [any_bench.app.file_mail(Mail(uid, MONDAY, raw)) for uid, raw in enumerate((poison, sound, poison), start=1)]
    assert [one.filing for one in filed] == [Filing.HELD, Filing.OPENED, Filing.KNOWN]
    held = the_ticket(any_bench, filed[0].reference or "")
    assert held.due_at is not None and held.warnings == ["held: RecursionError"]
    [whole] = held.messages[0].attachments
    assert whole.content == poison
    any_bench.app.deliver()
    about_it = [card for card in any_bench.slack.of_kind("card") if card.payload["card"]["reference"] == held.reference]
    assert len(about_it) == 1 and "held: RecursionError" in about_it[0].payload["card"]["warnings"]
    assert "RecursionError" in caplog.text and "poison" not in caplog.text


OUT_OF_OFFICE = "Auto-Submitted: auto-replied\n"


@pytest.mark.parametrize("status", [Status.OPEN, Status.IN_PROGRESS, Status.WAITING, Status.CLOSED])
def test_07_an_out_of_office_changes_nothing_but_the_journal(bench: Bench, status: Status) -> None:
    reference = opened(bench, Intent.ACCESS)
    if status is not Status.OPEN:
        bench.app.act("claim", reference, "U1")
    if status is Status.WAITING:
        bench.app.act("ask", reference, "U1", about="id", question="")
    if status is Status.CLOSED:
        outcomes = dict.fromkeys(request_ids(bench, reference).values(), "fulfilled")
        bench.app.act("close", reference, "U1", outcomes=outcomes, reasons="", letter=False)
    before, waiting = facts(bench, reference), len(notices(bench))
    assert before["status"] == status
    raw = reply("I am away.", to="<m1@home.example>", subject="Out of office").replace(b"Subject:", OUT_OF_OFFICE.encode() + b"Subject:", 1)
    assert bench.app.file_mail(Mail(1, MONDAY, raw)).reference == reference
    assert facts(bench, reference) == before and len(notices(bench)) == waiting
    last = rows(bench, Event)[-1]
    assert (last.kind, last.detail) == ("auto_reply", {"rule": "auto_replied"})


def facts(bench: Bench, reference: str) -> dict[str, object]:
    """A ticket's own columns and its requests'."""
    ticket = the_ticket(bench, reference)
    requests = [(request.intent, request.due_at, request.outcome, request.remind_at) for request in ticket.requests]
    return {column.key: getattr(ticket, column.key) for column in ticket.__table__.columns} | {"requests": requests}


@pytest.mark.parametrize("name", PEOPLE)
def test_08_a_person_who_looks_like_a_robot_gets_a_ticket_and_the_journal_says_whether_to_answer(bench: Bench, name: str) -> None:
    raw = (ROOT / "tests" / "mail" / f"{name}.eml").read_bytes()
    filed = bench.app.file_mail(Mail(1, MONDAY, raw))
    [message] = rows(bench, Message)[:1]
    assert filed.filing is not Filing.IGNORED and (message.text or filed.reference)
    if filed.reference:
        screened = next(line for line in the_ticket(bench, filed.reference).events if line.kind == "screened")
        assert screened.detail["rule"] == message.rule and screened.detail["acknowledge"] in (True, False)


def many_parts() -> bytes:
    part = b"--b\r\n\r\nPlease delete my data.\r\n"
    return mail("").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b") + part * 10_000


def deep() -> bytes:
    levels = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1_000))
    return b"From: jo@home.example\nTo: privacy@example.test\n" + levels + b"Content-Type: text/plain\n\nPlease delete my data.\n"


def large_table() -> bytes:
    table = "<table>" + "<tr><td>a</td><td>b</td></tr>" * 170_000 + "</table>"
    return as_html(f"<p>{ERASE}</p>{table}")


def many_links() -> bytes:
    return as_html(f"<p>{ERASE}</p>" + '<a href="https://shop.example/x?y=1">buy</a> ' * 50_000)


def as_html(body: str) -> bytes:
    return mail("x").replace(b"text/plain", b"text/html").replace(b"\r\n\r\nx", f"\r\n\r\n<html><body>{body}</body></html>".encode())


def long_base64() -> bytes:
    head = mail("").replace(b"text/plain; charset=utf-8", b"application/pdf\r\nContent-Transfer-Encoding: base64")
    return head + b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\r\n" * 100_000


@pytest.mark.parametrize("monster", [many_parts, deep, long_base64, large_table, many_links])
def test_11_13_14_a_monster_takes_no_more_than_four_times_its_size(monster: Callable[[], bytes]) -> None:
    raw = monster()
    tracemalloc.start()
    parse_email(raw, MONDAY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(raw) + 2_000_000


@pytest.mark.parametrize("monster", [many_parts, deep, large_table, many_links, long_base64])
def test_11_13_14_a_monster_is_filed_like_any_other(bench: Bench, monster: Callable[[], bytes]) -> None:
    filed = bench.app.file_mail(Mail(1, MONDAY, monster()))
    assert filed.reference and the_ticket(bench, filed.reference).due_at is not None
