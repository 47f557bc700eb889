"""Manners under trouble: a locked database, a slow or refusing Slack, repeats, double clicks and two people at once."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.manners import DID_NOT_WORK, NOW_DONE, TOO_LATE
from tests.builders import sqlite_url
from tests.outboxes import run_together
from tests.slack_desk import ANN, BEN, DESK, EVE, SOON, SlackDesk, locked, slack_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SlackDesk]:
    with slack_desk(sqlite_url(tmp_path)) as desk:
        yield desk


@pytest.fixture
def any_desk(database: str) -> Iterator[SlackDesk]:
    with slack_desk(database) as desk:
        yield desk


class TestWhileTheDatabaseIsLocked:
    def test_a_button_is_acknowledged_in_time_and_acts_once_it_can(self, desk: SlackDesk, tmp_path: Path) -> None:
        reference = desk.ticket()
        with locked(tmp_path) as another:
            desk.press(ANN, reference, "claim").wait_ack()
            another.execute("ROLLBACK")
        desk.slack.wait_for(lambda: f"<@{ANN}>" in json.dumps(desk.card(reference)), SOON)
        assert desk.count(reference, "claimed") == 1

    def test_however_many_press_all_are_acknowledged(self, desk: SlackDesk, tmp_path: Path) -> None:
        reference = desk.ticket()
        with locked(tmp_path) as another:
            presses = [desk.press(user, reference, "claim") for _ in range(30) for user in (ANN, BEN)]
            for press in presses:
                press.wait_ack()
            another.execute("ROLLBACK")
        desk.told(ANN, "already")
        desk.told(BEN, "already")
        assert desk.count(reference, "claimed") == 1

    def test_a_form_is_closed_in_time_and_the_person_hears_how_it_ended(self, desk: SlackDesk, tmp_path: Path) -> None:
        reference = desk.ticket()
        desk.press(ANN, reference, "close").wait_ack()
        form = desk.view_of(ANN)
        with locked(tmp_path) as another:
            assert desk.slack.submit(ANN, form, {"outcome": "fulfilled", "send": ["send"]}).wait_ack() == {}
            assert desk.slack.views_of(ANN) == []
            another.execute("ROLLBACK")
        assert desk.told(ANN, "done") == NOW_DONE
        assert desk.count(reference, "closed") == 1

    def test_a_form_that_is_refused_late_is_told_privately_with_the_reason(self, desk: SlackDesk, tmp_path: Path) -> None:
        reference = desk.ticket()
        desk.press(ANN, reference, "close").wait_ack()
        form = desk.view_of(ANN)
        with locked(tmp_path) as another:
            desk.slack.submit(ANN, form, {"send": ["send"]}).wait_ack()
            another.execute("ROLLBACK")
        assert "Choose an outcome" in desk.told(ANN, "not done")
        assert all(message["user"] != ANN or "Choose" not in message["text"] for message in desk.slack.messages(DESK))

    def test_a_window_opens_in_time_and_is_filled_later(self, desk: SlackDesk, tmp_path: Path) -> None:
        reference = desk.ticket()
        with locked(tmp_path) as another:
            desk.press(ANN, reference, "view").wait_ack()
            assert "One moment" in json.dumps(desk.view_of(ANN))
            another.execute("ROLLBACK")
        desk.slack.wait_for(lambda: "Article 17" in json.dumps(desk.slack.views_of(ANN)), SOON)
        assert desk.count(reference, "viewed") == 1

    def test_what_can_not_be_shown_is_said_in_the_window_that_is_open(self, desk: SlackDesk, tmp_path: Path) -> None:
        reference = desk.ticket()
        card = desk.card(reference)
        closing = desk.app.look(reference, ANN)["open"][0]["id"]
        with locked(tmp_path) as another:
            desk.slack.press(ANN, DESK, card["ts"], "close").wait_ack()
            desk.view_of(ANN)
            another.execute("ROLLBACK")
            desk.slack.wait_for(lambda: "outcome" in json.dumps(desk.slack.views_of(ANN)), SOON)
        desk.app.act("close", reference, BEN, outcomes={closing: "fulfilled"}, reasons="", letter=False)
        with locked(tmp_path) as another:
            desk.slack.press(ANN, DESK, card["ts"], "close").wait_ack()
            desk.slack.wait_for(lambda: "One moment" in json.dumps(desk.slack.views_of(ANN)), SOON)
            another.execute("ROLLBACK")
        desk.slack.wait_for(lambda: "is closed" in json.dumps(desk.slack.views_of(ANN)), SOON)


class TestRepeats:
    def test_a_form_that_comes_twice_is_answered_alike_and_done_once(self, any_desk: SlackDesk) -> None:
        desk, reference = any_desk, any_desk.ticket()
        desk.press(ANN, reference, "close").wait_ack()
        form = desk.view_of(ANN)
        first = desk.slack.submit(ANN, form, {"outcome": "fulfilled", "send": ["send"]})
        again = desk.slack.repeat(first)
        assert first.wait_ack() == again.wait_ack() == {}
        desk.slack.wait_for(lambda: "✅" in json.dumps(desk.card(reference), ensure_ascii=False), SOON)
        assert desk.count(reference, "closed") == 1
        assert len(desk.letters.of_kind("closing")) <= 1

    def test_a_form_with_an_error_can_be_corrected_and_sent_again(self, desk: SlackDesk) -> None:
        reference = desk.ticket()
        desk.press(ANN, reference, "close").wait_ack()
        form = desk.view_of(ANN)
        refused = desk.slack.submit(ANN, form, {"outcome": "refused", "send": ["send"]}).wait_ack()
        assert "reasons" in refused["errors"]
        desk.slack.submit(ANN, form, {"outcome": "fulfilled", "send": ["send"]}).wait_ack()
        assert desk.slack.views_of(ANN) == []
        assert desk.count(reference, "closed") == 1

    def test_a_press_that_comes_twice_acts_once_and_says_nothing_of_it(self, desk: SlackDesk) -> None:
        reference = desk.ticket()
        first = desk.press(ANN, reference, "claim")
        desk.slack.repeat(first).wait_ack()
        desk.slack.wait_for(lambda: f"<@{ANN}>" in json.dumps(desk.card(reference)), SOON)
        assert desk.count(reference, "claimed") == 1
        assert desk.slack.ephemerals == []

    def test_a_post_that_comes_twice_is_one_ticket(self, desk: SlackDesk) -> None:
        post = desk.slack.say("C0INTAKE", EVE, "Please erase all personal data of lou@caller.example, article 17 GDPR.")
        desk.slack.repeat(post).wait_ack()
        desk.slack.wait_for(lambda: len(desk.slack.thread("C0INTAKE", post.ts)) > 1, SOON)
        assert len(desk.app.tickets("list", ANN, "")) == 1

    def test_of_two_who_press_at_once_one_has_it_and_the_other_hears_why_not(self, any_desk: SlackDesk) -> None:
        desk, reference = any_desk, any_desk.ticket()
        ts, start = desk.card(reference)["ts"], threading.Barrier(2)

        def press(user: str) -> None:
            start.wait(SOON)
            desk.slack.press(user, DESK, ts, "claim").wait_ack()

        run_together([lambda: press(ANN), lambda: press(BEN)])
        quicker = desk.slack.wait_for(lambda: desk.handler(reference), SOON)
        slower = BEN if quicker == ANN else ANN
        assert desk.told(slower, "handed over")
        assert desk.count(reference, "claimed") == 1


class TestFaults:
    def test_slack_that_is_busy_is_asked_again_when_it_wishes(self, desk: SlackDesk) -> None:
        reference = desk.ticket()
        desk.slack.fail_next("chat.postEphemeral", status=429, headers={"Retry-After": "1"})
        desk.taken_unseen(reference, BEN)
        desk.press(ANN, reference, "claim").wait_ack()
        assert "handed over" in desk.told(ANN, "already")
        assert [call.error for call in desk.slack.calls_of("chat.postEphemeral")] == ["ratelimited", ""]

    def test_a_home_tab_comes_although_slack_was_busy(self, desk: SlackDesk) -> None:
        desk.slack.fail_next("views.publish", status=429, headers={"Retry-After": "1"})
        desk.slack.open_home(ANN).wait_ack()
        desk.slack.wait_for(lambda: desk.slack.home_of(ANN), SOON)

    def test_a_trigger_that_came_too_late_is_told_in_words(self, desk: SlackDesk) -> None:
        reference = desk.ticket()
        desk.slack.fail_next("views.open", error="expired_trigger_id")
        desk.press(ANN, reference, "view").wait_ack()
        assert desk.told(ANN, "too long") == TOO_LATE

    def test_what_fails_is_told_to_the_person_and_named_in_the_log(self, desk: SlackDesk, caplog: pytest.LogCaptureFixture) -> None:
        reference = desk.ticket()
        desk.slack.fail_next("views.open", status=500)
        desk.press(ANN, reference, "view").wait_ack()
        assert desk.told(ANN, "did not work") == DID_NOT_WORK
        assert "a Slack listener failed: internal_error" in caplog.text
        assert reference not in caplog.text

    def test_who_can_not_be_told_beside_the_button_is_told_directly(self, desk: SlackDesk) -> None:
        reference = desk.ticket()
        desk.slack.fail_next("chat.postEphemeral", error="user_not_in_channel")
        desk.taken_unseen(reference, BEN)
        desk.press(ANN, reference, "claim").wait_ack()
        assert desk.told(ANN, "already")
        assert desk.slack.ephemerals == []


class TestRevokedToken:
    def test_managers_hear_by_mail_at_once_and_once_more_when_it_is_well(self, desk: SlackDesk, caplog: pytest.LogCaptureFixture) -> None:
        desk.slack.revoke()
        for _ in range(3):
            assert not desk.line.keep()
            desk.app.watch("", desk.line.trouble)
        desk.app.deliver()
        [letter] = desk.letters.of_kind("watchdog")
        assert letter.payload["to"] == "boss@example.test" and "token_revoked" in letter.payload["text"]
        assert caplog.text.count("no connection to Slack (token_revoked)") == 1
        desk.slack._faults.revoked = False
        assert desk.line.keep()
        desk.app.watch("", desk.line.trouble)
        desk.app.deliver()
        assert "again" in desk.letters.of_kind("watchdog")[1].payload["text"]
        reference = desk.ticket()
        desk.press(ANN, reference, "claim").wait_ack()
        desk.slack.wait_for(lambda: desk.handler(reference) == ANN, SOON)
