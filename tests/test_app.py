"""The app's own part: what breaks it is held, and costs nothing else."""

from datetime import UTC, datetime

from bot.mailbox import Mail
from models import Ticket
from tests.builders import MONDAY, Bench, mail
from tests.filing import rows


def post(text: object, ts: str = "1795424400.000100") -> dict[str, object]:
    return {"type": "message", "channel": "C0INTAKE", "user": "U1", "ts": ts, "text": text}


def test_a_post_of_no_known_shape_still_opens_its_ticket_once(bench: Bench) -> None:
    filed = bench.app.take_in_slack(post(["no", "text"]))
    [ticket] = rows(bench, Ticket)
    assert (filed.reference, ticket.due_at is not None) == (ticket.reference, True)
    assert bench.app.take_in_slack(post(["no", "text"])).filing == "known"


def test_a_mail_without_a_byte_is_held_and_the_next_one_filed(bench: Bench) -> None:
    assert bench.app.file_mail(Mail(1, MONDAY, b"")).reference is not None
    filed = bench.app.file_mail(Mail(2, MONDAY, mail("Please delete all my personal data, Article 17 GDPR.")))
    assert filed.filing == "opened"


def test_a_mail_too_large_to_fetch_says_so_on_its_ticket(bench: Bench) -> None:
    head = mail("", number=9).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    filed = bench.app.file_mail(Mail(3, datetime(2026, 11, 23, tzinfo=UTC), head, too_large=True))
    [ticket] = [ticket for ticket in rows(bench, Ticket) if ticket.reference == filed.reference]
    assert any("too large" in warning for warning in ticket.warnings)
