"""Letters to colleagues that are refused or come back: the desk hears of it once, no address is told, and nothing goes in circles."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.intake import Filing
from bot.outbox import Undeliverable
from intents.catalog import Intent
from models import Notice
from tests.builders import Bench, sqlite_url
from tests.filing import notices, opened, our_message_id, take
from tests.test_intake import bounce

NEXT_MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)
SAID = "The weekly digest 2026-W48 did not reach recipient 1 of digest.recipients. Please check the address."


@pytest.fixture(params=["known by our id", "known by the server's id"])
def sent(request: pytest.FixtureRequest, any_bench: Bench) -> Bench:
    """A desk whose digest went out, with the receipt that bot/smtp.py gives."""
    digest = any_bench.app.office.vault.digest
    opened(any_bench, Intent.ACCESS)
    any_bench.clock.at = NEXT_MONDAY
    any_bench.app.remind()
    any_bench.app.deliver()
    whole = digest(our_message_id(any_bench, "digest"))
    receipt = whole[:32] if "our" in request.param else f"{digest('<other@example.test>')[:32]};{whole}"

    def settle(session: Session) -> None:
        session.scalars(select(Notice).where(Notice.key == "digest:2026-W48:0")).one().receipt = receipt

    any_bench.app.read(settle)
    return any_bench


def lines(bench: Bench) -> list[str]:
    return [str(notice.payload["text"]) for notice in notices(bench, "line") if notice.payload and "digest" in notice.payload["text"]]


def test_a_digest_that_comes_back_is_told_to_the_desk_once(sent: Bench) -> None:
    ours = our_message_id(sent, "digest")
    for number in (20, 21):
        assert take(sent, bounce(ours, number)).filing is Filing.IGNORED
    assert lines(sent) == [f":warning: {SAID}"]
    assert "board@example.test" not in str([notice.payload for notice in notices(sent, "line")])


def test_a_digest_that_is_only_late_is_no_news(sent: Bench) -> None:
    take(sent, bounce(our_message_id(sent, "digest"), 20, action="delayed"))
    assert lines(sent) == []


def test_a_bounce_of_what_we_never_sent_is_no_news(sent: Bench) -> None:
    take(sent, bounce("<digest-2026-w48-0.0123456789abcdef@example.test>", 20))
    assert lines(sent) == []


def test_a_digest_that_the_server_refuses_is_told_to_the_desk_once(any_bench: Bench) -> None:
    opened(any_bench, Intent.ACCESS)
    any_bench.app.deliver()
    any_bench.clock.at = NEXT_MONDAY
    any_bench.app.remind()
    any_bench.letters.trouble = Undeliverable("smtp 550")
    any_bench.app.deliver()
    any_bench.clock.at += timedelta(days=1)
    any_bench.app.remind()
    any_bench.app.deliver()
    assert lines(any_bench) == [f":warning: {SAID}"]
    [letter] = notices(any_bench, "digest")
    assert (letter.state, letter.error) == ("failed", "smtp 550")


def test_without_slack_the_managers_hear_of_it_and_a_manager_out_of_reach_makes_no_circle(tmp_path_factory: pytest.TempPathFactory) -> None:
    bench = Bench(
        sqlite_url(tmp_path_factory.mktemp("mail-only")), slack=False,
        digest={"recipients": ["boss@example.test"]}, escalation={"managers": ["boss@example.test", "head@example.test"]},
    )  # fmt: skip
    opened(bench, Intent.QUESTION)
    bench.clock.at = NEXT_MONDAY
    bench.app.remind()
    bench.letters.trouble = Undeliverable("smtp 550")
    for _ in range(3):
        bench.app.deliver()
        bench.clock.at += timedelta(hours=1)
    told = notices(bench, "lost-letter")
    of_digest = [notice.payload or {} for notice in told if notice.key.startswith("lost:digest")]
    assert [(payload["to"], payload["text"]) for payload in of_digest] == [("head@example.test", f"{SAID}\n")]
    assert not [notice.key for notice in told if notice.key.startswith("lost:lost")]
    bench.close()
