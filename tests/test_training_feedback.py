"""Feedback: what the bot read against what a person says is kept, exported as labelled mails, and gone with the mail."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.__main__ import app as command_line
from bot.desk import Refused
from bot.mailbox import Mail
from intents import corpus
from intents.catalog import Intent
from models import Feedback
from tests.builders import KEY, MONDAY, Bench, config_data, mail, sqlite_url
from tests.filing import close, opened, rows, take, the_ticket


def change(bench: Bench, reference: str, *intents: str, regime: str = "eu_gdpr", seen: int | None = None) -> None:
    bench.app.act("reclassify", reference, "U1", intents=list(intents), regime=regime, seen=seen)


class TestKept:
    def test_is_what_was_read_and_what_a_person_says(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        change(any_bench, reference, "erasure", "complaint", regime="uk_gdpr")
        [row] = rows(any_bench, Feedback)
        assert (row.predicted, row.corrected, row.scores) == (["access"], ["erasure", "complaint"], {"access": 0.9})
        assert (row.regime_before, row.regime) == ("eu_gdpr", "uk_gdpr")
        assert (row.actor, row.at, row.language, row.model, row.unclear) == ("slack:U1", MONDAY, "en", "test", False)
        assert row.message_id == the_ticket(any_bench, reference).messages[0].id

    def test_is_nothing_where_the_bot_was_right(self, bench: Bench) -> None:
        change(bench, opened(bench, Intent.ACCESS), "access")
        assert rows(bench, Feedback) == []

    def test_is_also_that_an_unclear_mail_was_read_rightly_and_that_the_law_was_wrong(self, bench: Bench) -> None:
        unclear = take(bench, mail("Hm."), Intent.ACCESS, unclear=True).reference
        assert unclear
        change(bench, unclear, "access")
        change(bench, opened(bench, Intent.ERASURE, number=2), "erasure", regime="uk_gdpr")
        assert [(row.unclear, row.corrected, row.regime) for row in rows(bench, Feedback)] == [
            (True, ["access"], "eu_gdpr"), (False, ["erasure"], "uk_gdpr"),
        ]  # fmt: skip

    def test_is_gone_with_the_message(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        change(any_bench, reference, "erasure")
        close(any_bench, reference, erasure="fulfilled", letter=False)
        any_bench.clock.at += timedelta(days=366)
        any_bench.app.purge()
        assert rows(any_bench, Feedback) == []

    def test_holds_no_ticket_back_from_being_deleted(self, any_bench: Bench) -> None:
        reference = opened(any_bench, Intent.ACCESS)
        change(any_bench, reference, "erasure")
        close(any_bench, reference, erasure="fulfilled", letter=False)
        any_bench.clock.at += timedelta(days=1_465)
        assert any_bench.app.purge()["tickets deleted"] == 1

    def test_survives_a_merge(self, bench: Bench) -> None:
        first, second = opened(bench, Intent.ACCESS), opened(bench, Intent.RESTRICTION, number=2)
        change(bench, second, "erasure")
        bench.app.act("merge", second, "U1", into=first, same_person=False)
        close(bench, first, access="fulfilled", erasure="fulfilled", letter=False)
        bench.clock.at += timedelta(days=1_465)
        assert bench.app.purge()["tickets deleted"] == 2


class TestChange:
    def test_of_what_a_colleague_changed_meanwhile_is_refused(self, bench: Bench) -> None:
        reference = opened(bench, Intent.ACCESS)
        seen = bench.app.look(reference, "U1")["changes"]
        change(bench, reference, "erasure", seen=seen)
        with pytest.raises(Refused, match="changed meanwhile"):
            change(bench, reference, "complaint", seen=seen)
        assert [request.intent for request in the_ticket(bench, reference).requests] == ["erasure"]


class TestUnclear:
    def unclear(self, bench: Bench) -> str:
        filed = bench.app.file_mail(Mail(1, bench.clock(), mail("hi, it is about my stuff that you have, thx", subject="stuff")))
        assert filed.reference and the_ticket(bench, filed.reference).unclear
        return filed.reference

    def test_the_card_names_the_two_likeliest(self, bench: Bench) -> None:
        reference = self.unclear(bench)
        bench.app.deliver()
        likely = bench.slack.of_kind("card")[-1].payload["card"]["likely"]
        assert len(likely) == 2 and "other" not in likely
        assert the_ticket(bench, reference).events[1].detail["scores"]

    def test_one_press_settles_it(self, any_bench: Bench) -> None:
        reference = take(any_bench, mail("Hm."), Intent.COMPLAINT, unclear=True).reference
        assert reference
        any_bench.app.act("read_as", reference, "U1", intent="erasure")
        ticket = the_ticket(any_bench, reference)
        assert ([request.intent for request in ticket.requests], ticket.unclear) == (["erasure"], False)
        assert [row.corrected for row in rows(any_bench, Feedback)] == [["erasure"]]
        any_bench.app.deliver()
        assert any_bench.slack.of_kind("card")[-1].payload["card"]["likely"] == []

    def test_a_second_press_is_refused(self, bench: Bench) -> None:
        reference = take(bench, mail("Hm."), Intent.COMPLAINT, unclear=True).reference
        assert reference
        bench.app.act("read_as", reference, "U1", intent="erasure")
        with pytest.raises(Refused, match="not unclear any more"):
            bench.app.act("read_as", reference, "U2", intent="access")


class TestExport:
    @pytest.fixture
    def corrected(self, tmp_path: Path) -> Path:
        """A config whose database holds one mail corrected twice, and one that nobody corrected."""
        bench = Bench(sqlite_url(tmp_path))
        reference = opened(bench, Intent.ACCESS)
        opened(bench, Intent.ACCESS, number=2, sender="Kim <kim@other.example>")
        change(bench, reference, "complaint")
        change(bench, reference, "erasure", "complaint")
        bench.close()
        file = tmp_path / "config.yaml"
        file.write_text(yaml.safe_dump(config_data(sqlite_url(tmp_path), slack=False)), "utf-8")
        return file

    def run(self, config: Path, target: Path) -> tuple[int, str]:
        secrets = {"PRIVACYBOT_KEY": KEY, "PRIVACYBOT_IMAP_PASSWORD": "x"}
        done = CliRunner().invoke(command_line, ["feedback", "export", str(target), "--config", str(config)], env=secrets)
        return done.exit_code, f"{done.output}{done.exception or ''}"

    def test_is_read_by_evaluate_and_train(self, corrected: Path, tmp_path: Path) -> None:
        target = tmp_path / "out" / "feedback.jsonl"
        target.parent.mkdir()
        assert self.run(corrected, target) == (0, f"Wrote 1 corrected mail to {target}. They are personal data.\n")
        for read in (corpus.read_labelled(target), corpus.read(target.parent)):
            [example] = read
            assert (example.subject, example.body, example.language) == ("My data", "Please see to it.", "en")
            assert example.labels == (Intent.ERASURE, Intent.COMPLAINT)

    def test_is_for_its_reader_alone_and_overwrites_nothing(self, corrected: Path, tmp_path: Path) -> None:
        target = tmp_path / "feedback.jsonl"
        self.run(corrected, target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        before = target.read_bytes()
        code, output = self.run(corrected, target)
        assert code != 0 and "can't be written" in output
        assert target.read_bytes() == before

    def test_names_what_was_read(self, corrected: Path, tmp_path: Path) -> None:
        self.run(corrected, tmp_path / "f.jsonl")
        row = json.loads((tmp_path / "f.jsonl").read_text("utf-8"))
        assert (row["predicted"], row["scores"], row["model"]) == (["access"], {"access": 0.9}, "test")
        assert "jo@home.example" not in json.dumps(row)

    def test_says_in_its_help_that_it_is_personal_data(self) -> None:
        help_text = CliRunner().invoke(command_line, ["feedback", "export", "--help"]).output
        assert "PERSONAL DATA" in help_text
