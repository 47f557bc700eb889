"""What the company's policy says is offered to whoever replies to a question, and to nobody else."""

from pathlib import Path

import pytest

from bot.desk import Refused
from bot.mailbox import Mail
from tests.builders import MONDAY, Bench, mail, sqlite_url


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    policy = tmp_path / "privacy.md"
    policy.write_text("# Privacy\n\n## Keeping\n\nInvoices stay for ten years.\n\n## Recipients\n\nOur haulier gets it.\n", "utf-8")
    return Bench(sqlite_url(tmp_path), policy={"files": [str(policy)]})


def test_passages_that_fit_the_question_come_with_their_heading_and_file(bench: Bench) -> None:
    filed = bench.app.file_mail(Mail(1, MONDAY, mail("Hello, could you tell me how long you store invoices? Thank you, Jo")))
    offered = bench.app.show("passages", "U1", reference=filed.reference)
    assert offered[0] == {"heading": "Keeping", "text": "Invoices stay for ten years.", "source": "privacy.md"}
    bench.app.deliver()
    assert not any("ten years" in str(parcel.payload) for parcel in (*bench.letters.sent, *bench.slack.sent))
    bench.close()


def test_an_unknown_ticket_has_none(bench: Bench) -> None:
    with pytest.raises(Refused):
        bench.app.show("passages", "U1", reference="PRV-2026-99999")
    bench.close()
