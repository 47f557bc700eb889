"""Letterbox: letters go out by themselves only where that is safe; their absence never costs a ticket."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.intake import Filing
from bot.parsing import parse_email
from intents.catalog import Intent
from tests.builders import MONDAY, Bench, mail
from tests.filing import JO, journal, notices, opened, our_message_id, reading, record, reply, take


class TestBudget:
    @pytest.fixture
    def strict(self, database: str) -> Bench:
        return Bench(database, automatic_mail={"per_sender": 2, "all_senders": 3, "volley": 9})

    def test_of_one_sender_stops_letters_but_no_ticket(self, strict: Bench) -> None:
        asked = (Intent.ACCESS, Intent.ERASURE, Intent.RECTIFICATION)
        filed = [take(strict, mail("Please.", number=number), intent) for number, intent in enumerate(asked)]
        assert [one.filing for one in filed] == [Filing.OPENED] * 3
        assert [one.answer for one in filed[:2]] == ["acknowledgement"] * 2
        assert filed[2].answer == "no answer: enough automatic mail to this sender"
        assert "not_acknowledged" in journal(strict, filed[2].reference or "")
        strict.clock.at += timedelta(days=1, seconds=1)
        assert take(strict, mail("Please.", number=9), Intent.RESTRICTION).answer == "acknowledgement"
        strict.close()

    def test_of_all_senders_stops_letters_but_no_ticket(self, strict: Bench) -> None:
        senders = [f"person{number}@home.example" for number in range(4)]
        filed = [take(strict, mail("Please.", number=number, sender=sender), Intent.ACCESS) for number, sender in enumerate(senders)]
        assert [one.answer for one in filed[:3]] == ["acknowledgement"] * 3
        assert filed[3].filing is Filing.OPENED
        assert filed[3].answer == "no answer: enough automatic mail altogether"
        take(strict, mail("Please.", number=5, sender="person5@home.example"), Intent.ACCESS)
        assert len(notices(strict, "line")) == 1  # the desk is told once a day
        strict.close()

    def test_of_all_senders_is_not_for_what_waited_while_the_bot_was_down(self, strict: Bench) -> None:
        came = MONDAY - timedelta(days=10)
        senders = [f"person{number}@home.example" for number in range(5)]
        filed = [take(strict, mail("Please.", number=n, sender=who), Intent.ACCESS, at=came) for n, who in enumerate(senders)]
        assert [one.answer for one in filed] == ["acknowledgement"] * 5
        strict.close()

    def test_of_age_leaves_a_first_start_on_an_old_mailbox_quiet(self, bench: Bench) -> None:
        filed = take(bench, mail("Please."), Intent.ACCESS, at=MONDAY - timedelta(days=31))
        assert (filed.filing, filed.answer) == (Filing.OPENED, "no answer: it came long ago; a person answers")

    def test_two_robots_facing_each_other_end_below_five_letters(self, bench: Bench) -> None:
        """A responder without any automatic header answers each of our letters within the minute."""
        opened(bench, Intent.ACCESS)
        for number in range(2, 12):
            bench.clock.at += timedelta(minutes=1)
            bench.app.deliver()
            last = str(bench.letters.sent[-1].payload["message_id"])
            take(bench, reply("We have received your message.", to=last, number=number), Intent.ACCESS)
        bench.app.deliver()
        assert len(bench.letters.sent) < 5


class TestVolley:
    """Fresh words under a fresh subject, and no header that tells: only when it came can say that it may be a machine's."""

    ASKED = (Intent.ACCESS, Intent.ERASURE, Intent.RECTIFICATION, Intent.OBJECTION, Intent.PORTABILITY)

    def test_of_a_machine_that_answers_each_letter_ends_after_two(self, any_bench: Bench) -> None:
        answers = []
        for number, intent in enumerate(self.ASKED):
            answers.append(take(any_bench, mail("Please.", subject=f"Matter {number}", number=number), intent).answer)
            any_bench.clock.at += timedelta(seconds=20)
        assert answers == ["acknowledgement"] * 2 + ["no answer: it came after our letters; perhaps a machine"] * 3

    def test_is_not_what_lay_in_the_mailbox_before_we_wrote(self, any_bench: Bench) -> None:
        came = MONDAY - timedelta(minutes=10)
        filed = [take(any_bench, mail("Please.", number=number), intent, at=came) for number, intent in enumerate(self.ASKED)]
        assert [one.answer for one in filed] == ["acknowledgement"] * 4 + ["no answer: enough automatic mail to this sender"]

    def test_is_over_after_its_window(self, bench: Bench) -> None:
        for number in range(2):
            take(bench, mail("Please.", number=number), self.ASKED[number])
        bench.clock.at += timedelta(hours=1, seconds=2)
        assert take(bench, mail("Please.", number=2), self.ASKED[2]).answer == "acknowledgement"


class TestNobodyIsWrittenTo:
    @pytest.mark.parametrize("sender", ["privacy@example.test", "DSB@example.test", "privacy+old@example.test"])
    def test_at_our_own_address(self, bench: Bench, sender: str) -> None:
        filed = take(bench, mail("Please.", sender=sender), Intent.ACCESS)
        assert filed.filing is Filing.OPENED
        assert notices(bench, "acknowledgement") == []

    @pytest.mark.parametrize(
        "header", ["List-Id: <news.example>", "Precedence: bulk\nReturn-Path: <>", "Auto-Submitted: auto-generated", "X-Spam-Flag: YES"]
    )
    def test_who_may_be_a_robot(self, bench: Bench, header: str) -> None:
        filed = take(bench, mail("Please.", headers=f"{header}\n"), Intent.ACCESS)
        assert filed.filing is Filing.OPENED
        assert filed.answer.startswith("no answer: ")
        assert notices(bench, "acknowledgement") == []

    def test_who_says_no_reply(self, bench: Bench) -> None:
        assert take(bench, mail("Please.", sender="no-reply@shop.example"), Intent.ACCESS).answer == "no answer: no_reply_sender"

    def test_whose_mail_is_held(self, bench: Bench) -> None:
        broken = replace(parse_email(mail("x"), MONDAY), problems=("unreadable: ValueError",))
        assert record(bench, broken, reading(Intent.ACCESS)).filing is Filing.HELD
        assert notices(bench, "acknowledgement") == []

    def test_who_may_want_nothing(self, any_bench: Bench) -> None:
        filed = take(any_bench, mail("Hm."))
        assert filed.filing is Filing.OPENED
        assert filed.answer == "no answer: perhaps no request at all; a person decides first"
        take(any_bench, reply("Hm, hm.", to="<m1@home.example>"))
        assert notices(any_bench, "acknowledgement") + notices(any_bench, "follow-up") == []


class TestLateAcknowledgement:
    def test_goes_out_once_when_a_person_has_said_what_is_asked(self, any_bench: Bench) -> None:
        reference = take(any_bench, mail("Hm.", number=5)).reference or ""
        for intents in (["erasure"], ["erasure", "access"]):
            any_bench.app.act("reclassify", reference, "U1", intents=intents, regime="eu_gdpr")
        any_bench.app.deliver()
        [letter] = any_bench.letters.sent
        assert (letter.kind, letter.payload["to"], letter.payload["in_reply_to"]) == ("acknowledgement", JO, "<m5@home.example>")
        assert "23 December 2026" in letter.payload["text"]

    def test_stays_away_when_the_person_says_it_is_nothing(self, bench: Bench) -> None:
        reference = take(bench, mail("Hm.")).reference or ""
        bench.app.act("reclassify", reference, "U1", intents=["other"], regime="eu_gdpr")
        assert notices(bench, "acknowledgement") == []

    def test_never_goes_to_a_robot(self, bench: Bench) -> None:
        reference = take(bench, mail("Hm.", headers="List-Id: <news.example>\n")).reference or ""
        bench.app.act("reclassify", reference, "U1", intents=["erasure"], regime="eu_gdpr")
        assert notices(bench, "acknowledgement") == []

    def test_is_not_a_second_one(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        bench.app.act("reclassify", reference, "U1", intents=["erasure"], regime="eu_gdpr")
        assert len(notices(bench, "acknowledgement")) == 1


class TestUnderAnotherLaw:
    @staticmethod
    def acknowledged(database: str, regime: str, *intents: Intent) -> str:
        bench = Bench(database, clocks={"regime": regime})
        opened(bench, *intents)
        payload = notices(bench, "acknowledgement")[0].payload or {}
        bench.close()
        return str(payload["text"])

    def test_a_californian_learns_how_and_when_and_that_an_opt_out_has_a_date_of_its_own(self, database: str) -> None:
        text = self.acknowledged(database, "us_ca_ccpa", Intent.ACCESS, Intent.OPT_OUT_SALE)
        assert "No sale and no sharing, at the latest from: December 15, 2026" in text
        assert "Our answer without undue delay, at the latest by: January 7, 2027" in text
        assert "Before we answer, we check that the message comes from the person" in text
        assert "California Privacy Protection Agency" in text

    @pytest.mark.parametrize(("regime", "extendable"), [("br_lgpd", False), ("ch_fadp", True)])
    def test_what_cannot_be_extended_is_not_said_to_be(self, database: str, regime: str, extendable: bool) -> None:
        assert ("need more time" in self.acknowledged(database, regime, Intent.ACCESS)) == extendable

    def test_a_swiss_request_names_the_swiss_authority(self, database: str) -> None:
        assert "(FDPIC) <https://www.edoeb.admin.ch/>" in self.acknowledged(database, "ch_fadp", Intent.ERASURE)


class TestFollowUp:
    def test_confirms_a_further_message_once_a_day(self, any_bench: Bench) -> None:
        opened(any_bench, Intent.ACCESS)
        to = our_message_id(any_bench)
        answers = []
        for number, hours in enumerate((1, 2, 27), start=2):
            any_bench.clock.at = MONDAY + timedelta(hours=hours)
            answers.append(take(any_bench, reply(to=to, number=number)).answer)
        assert answers == ["follow-up", "no answer: told within the last day", "follow-up"]

    def test_names_the_unchanged_date(self, bench: Bench) -> None:
        opened(bench, Intent.ACCESS)
        take(bench, reply(to=our_message_id(bench)))
        payload = notices(bench, "follow-up")[0].payload
        assert payload
        assert "23 December 2026" in payload["text"]
        assert payload["in_reply_to"] == "<m2@home.example>"

    def test_to_a_follow_up_joins_too(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        take(bench, reply(to=our_message_id(bench)))
        assert take(bench, reply(to=our_message_id(bench, "follow-up"), number=3)).reference == reference


def test_our_letter_come_back_to_ourselves_opens_nothing(bench: Bench) -> None:
    opened(bench, Intent.ACCESS)
    token = bench.app.office.loop_token
    own = mail("Thank you for your message.", sender="privacy@example.test", number=4, headers=f"X-Privacybot-Loop: {token}\n")
    assert take(bench, own, Intent.ACCESS).filing is Filing.IGNORED
