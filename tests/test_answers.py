"""What the company's policy says is offered to whoever replies to a question, and to nobody else."""

from pathlib import Path

from bot.mailbox import Mail
from tests.builders import MONDAY, Bench, mail, sqlite_url


def test_passages_that_fit_the_question_come_with_their_heading_and_file(tmp_path: Path) -> None:
    policy = tmp_path / "privacy.md"
    policy.write_text("# Privacy\n\n## Keeping\n\nInvoices stay for ten years.\n\n## Recipients\n\nOur haulier gets it.\n", "utf-8")
    bench = Bench(sqlite_url(tmp_path), policy={"files": [str(policy)]})
    filed = bench.app.file_mail(Mail(1, MONDAY, mail("Hello, could you tell me how long you store invoices? Thank you, Jo")))
    [best, *_] = bench.app.show("reply_form", "U1", reference=filed.reference)["passages"]
    assert (best.heading, best.text, best.source) == ("Keeping", "Invoices stay for ten years.", "privacy.md")
    bench.app.deliver()
    assert not any("ten years" in str(parcel.payload) for parcel in (*bench.letters.sent, *bench.slack.sent))
    bench.close()
