"""The watchdog: what the desk hears when mail may reach us no more, that it hears it once, and once more when it is well again."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.mail_config import MAIN
from bot.mailbox import Mail, Mailbox, MailboxError
from bot.outbox import Parcel, TryAgain
from bot.smtp import build
from models import Message
from tests.builders import MONDAY, Bench, mail, sqlite_url
from tests.filing import notices, rows

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SELF_TEST = {"self_test": "07:30"}


class Box:
    """A mailbox as far as the app knows it; `broken` is raised where a real one would raise."""

    name, validity = MAIN, 1

    def __init__(self, bench: Bench, *mails: Mail) -> None:
        self.mails, self.broken, self.config = list(mails), "", bench.app.config.mailbox.imap

    def fetch(self, left: Callable[[int], Collection[int]] = lambda _: ()) -> list[Mail]:
        return [mail for mail in self.mails if mail.uid not in left(self.validity)]

    def file(self, uids: list[int], folder: str) -> dict[int, str]:
        if uids and self.broken:
            raise MailboxError(self.broken)
        self.mails = [one for one in self.mails if one.uid not in uids]
        return {}


def poll(bench: Bench, *mails: Mail) -> None:
    bench.app.take_mail(cast(Mailbox, Box(bench, *mails)))


def live(bench: Bench, minutes: int, *, works: bool, trouble: str = "") -> None:
    """Let so many minutes pass, with a look of the watchdog in each; the mailbox can be looked into or not."""
    for _ in range(minutes):
        bench.clock.at += MINUTE
        if works:
            poll(bench)
        bench.app.watch("" if works else trouble)


def told(bench: Bench) -> list[str]:
    """What the desk has heard from the watchdog since the last look, in order."""
    bench.app.deliver()
    said = [str(parcel.payload["text"]) for parcel in bench.slack.sent if parcel.key.startswith("watchdog:")]
    bench.slack.sent.clear()
    return said


def self_tests(bench: Bench) -> list[Parcel]:
    """The self-test mails that went out."""
    bench.app.deliver()
    return bench.letters.of_kind("self-test")


def come_back(bench: Bench, parcel: Parcel, **headers: str) -> str:
    """The mail arrives in the mailbox as the real one does. Returns what became of it."""
    letter = build(parcel, bench.app.config.mailbox, bench.app.config.organisation)
    for name, value in headers.items():
        del letter[name.replace("_", "-")]
        if value:
            letter[name.replace("_", "-")] = value
    return str(bench.app.file_mail(Mail(1, bench.clock(), letter.as_bytes())).filing)


@pytest.fixture
def tested(tmp_path: Path) -> Iterator[Bench]:
    """With a daily self-test at 07:30 in Berlin; MONDAY is 10:00 there."""
    bench = Bench(sqlite_url(tmp_path), watchdog=SELF_TEST)
    yield bench
    bench.close()


class TestPolls:
    def test_a_mailbox_that_can_not_be_looked_into_is_told_once_and_once_more_when_it_is_well(self, any_bench: Bench) -> None:
        live(any_bench, 2, works=True)
        live(any_bench, 15, works=False, trouble="the server refused user or password")
        assert told(any_bench) == []
        live(any_bench, 200, works=False, trouble="the server refused user or password")
        [alarm] = told(any_bench)
        assert "since 23 Nov, 10:02 (the server refused user or password)" in alarm
        live(any_bench, 30, works=True)
        assert told(any_bench) == [":satellite_antenna: The privacy mailbox is looked into again, since 23 Nov, 13:38."]

    def test_one_that_works_by_fits_and_starts_is_one_incident(self, bench: Bench) -> None:
        for _ in range(20):
            live(bench, 17, works=False, trouble="abort")
            live(bench, 2, works=True)
        assert len(told(bench)) == 1
        live(bench, 20, works=True)
        assert len(told(bench)) == 1

    def test_a_second_outage_is_a_second_incident(self, bench: Bench) -> None:
        for _ in range(2):
            live(bench, 20, works=False)
            live(bench, 20, works=True)
        assert len(told(bench)) == 4

    def test_the_count_goes_on_across_a_restart(self, tmp_path: Path) -> None:
        first = Bench(sqlite_url(tmp_path))
        live(first, 2, works=True)
        live(first, 10, works=False)
        first.close()
        second = Bench(sqlite_url(tmp_path), at=first.clock.at)
        live(second, 6, works=False, trouble="timeout")
        assert ["10:02 (timeout)" in alarm for alarm in told(second)] == [True]
        second.close()
        third = Bench(sqlite_url(tmp_path), at=second.clock.at)
        live(third, 30, works=False)
        assert told(third) == []
        third.close()

    def test_a_bot_that_was_down_may_poll_first(self, bench: Bench) -> None:
        live(bench, 1, works=True)
        bench.clock.at += 5 * DAY
        again = Bench(bench.app.config.database, at=bench.clock.at)
        again.app.watch("")
        live(again, 60, works=True)
        again.app.watch("")
        assert told(again) == []
        again.close()

    def test_a_first_start_that_never_gets_in_is_told_too(self, bench: Bench) -> None:
        bench.app.watch("gaierror")
        live(bench, 20, works=False, trouble="gaierror")
        assert "since 23 Nov, 10:00 (gaierror)" in told(bench)[0]

    def test_mail_that_can_not_be_moved_out_of_the_inbox_is_no_good_poll(self, bench: Bench) -> None:
        box = Box(bench, Mail(1, MONDAY, mail("Please delete my data.")))
        box.broken = "IMAP4.error"
        with pytest.raises(MailboxError):
            bench.app.take_mail(cast(Mailbox, box))
        assert bench.app.figures()["healthy"] == 0

    def test_mail_only_the_managers_hear_of_it(self, tmp_path: Path) -> None:
        bench = Bench(sqlite_url(tmp_path), slack=False)
        live(bench, 40, works=False, trouble="timeout")
        live(bench, 40, works=True)
        bench.app.deliver()
        assert [parcel.payload["to"] for parcel in bench.letters.of_kind("watchdog")] == ["boss@example.test"] * 2
        bench.close()


class TestArrivals:
    def test_silence_is_told_once_and_so_is_its_end(self, any_bench: Bench) -> None:
        poll(any_bench, Mail(1, any_bench.clock(), mail("Please delete all my personal data.")))
        any_bench.app.watch("")
        for _ in range(20):
            any_bench.clock.at += DAY
            live(any_bench, 1, works=True)
        [alarm] = told(any_bench)
        assert "Nothing has arrived in the privacy mailbox since 23 Nov, 10:00 (7 days)" in alarm
        poll(any_bench, Mail(2, any_bench.clock(), mail("And what do you hold?", number=2)))
        live(any_bench, 3, works=True)
        assert ["Mail arrives again" in line for line in told(any_bench)] == [True]

    def test_a_new_bot_counts_from_its_first_start_whatever_was_imported(self, bench: Bench) -> None:
        bench.app.watch("")
        bench.app.file_mail(Mail(1, MONDAY - 900 * DAY, mail("Please delete all my personal data.")))
        bench.clock.at += 7 * DAY
        live(bench, 1, works=True)
        assert ["since 23 Nov, 10:00 (7 days)" in line for line in told(bench)] == [True]

    def test_nobody_can_tell_while_the_mailbox_is_closed_to_us(self, bench: Bench) -> None:
        live(bench, 1, works=True)
        bench.clock.at += 8 * DAY
        live(bench, 3, works=False)
        assert ["could not be looked into" in line for line in told(bench)] == [True]

    def test_mail_that_was_purged_meanwhile_counts_all_the_same(self, tmp_path: Path) -> None:
        bench = Bench(sqlite_url(tmp_path), watchdog={"nothing_arrived_for": "30d"})
        bench.app.watch("")
        bench.clock.at += 10 * DAY
        poll(bench, Mail(1, bench.clock(), mail("Out of office", headers="Auto-Submitted: auto-replied\n")))
        live(bench, 1, works=True)
        bench.clock.at += 25 * DAY
        assert bench.app.purge()["messages deleted"] == 1
        live(bench, 1, works=True)
        assert told(bench) == []
        bench.close()


class TestSelfTest:
    def test_it_is_sent_once_a_day_to_ourselves_and_known_when_it_comes_back(self, tested: Bench) -> None:
        live(tested, 5, works=True)
        [sent] = self_tests(tested)
        assert sent.payload["to"] == "privacy@example.test"
        assert come_back(tested, sent) == "ignored"
        [message] = rows_of_messages(tested)
        assert (message.rule, message.kind, message.subject, message.text) == ("self_test", "own", None, None)
        live(tested, 60, works=True)
        assert told(tested) == [] and notices(tested, "card") == []
        tested.clock.at += DAY
        live(tested, 1, works=True)
        assert len(self_tests(tested)) == 2

    def test_not_before_its_hour(self, tested: Bench) -> None:
        tested.clock.at = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 07:00 in Berlin
        live(tested, 29, works=True)
        assert self_tests(tested) == []
        live(tested, 1, works=True)
        assert len(self_tests(tested)) == 1

    def test_one_that_does_not_come_back_is_told_once_until_one_does(self, tested: Bench) -> None:
        for _ in range(3):
            live(tested, 32, works=True)
            self_tests(tested)
            live(tested, 5, works=True)
            tested.clock.at += DAY - 37 * MINUTE
        [alarm] = told(tested)
        assert "The self-test mail of 23 Nov, 10:01 did not come back within 30 minutes: the mail server has not taken it" in alarm
        live(tested, 1, works=True)
        come_back(tested, self_tests(tested)[-1])
        live(tested, 1, works=True)
        assert ["mail goes out and comes in" in line for line in told(tested)] == [True]

    def test_the_reason_is_a_code(self, tested: Bench) -> None:
        tested.letters.trouble = TryAgain("smtp 535", down=True)
        for _ in range(35):
            live(tested, 1, works=True)
            tested.app.deliver()
        assert ["has not taken it (smtp 535)" in line for line in told(tested)] == [True]

    def test_a_server_that_takes_it_and_loses_it(self, tested: Bench) -> None:
        live(tested, 1, works=True)
        self_tests(tested)
        live(tested, 31, works=True)
        assert ["took it, but it did not arrive" in line for line in told(tested)] == [True]

    @pytest.mark.parametrize("lost", ["X_Privacybot_Loop", "Subject", "Message_ID"])
    def test_it_is_known_whatever_a_relay_takes_away(self, tested: Bench, lost: str) -> None:
        live(tested, 1, works=True)
        come_back(tested, self_tests(tested)[0], **{lost: ""})
        assert [message.rule for message in rows_of_messages(tested)] == ["self_test"]

    def test_a_mark_that_is_not_ours_and_an_answer_to_it_are_nothing_of_the_kind(self, tested: Bench) -> None:
        live(tested, 1, works=True)
        [sent] = self_tests(tested)
        title = str(sent.payload["subject"])
        forged = title[:-1] + ("0" if title[-1] != "0" else "1")
        for number, subject in enumerate((f"Re: {title}", forged), 1):
            tested.app.file_mail(Mail(number, MONDAY, mail("What is this? Please delete all my data.", subject=subject, number=number)))
        assert "self_test" not in {message.rule for message in rows_of_messages(tested)}

    def test_while_the_mailbox_is_closed_one_alarm_is_enough(self, tested: Bench) -> None:
        live(tested, 1, works=True)
        self_tests(tested)
        live(tested, 60, works=False)
        assert ["could not be looked into" in line for line in told(tested)] == [True]


def rows_of_messages(bench: Bench) -> list[Message]:
    return cast(list[Message], rows(bench, Message))
