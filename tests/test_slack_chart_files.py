"""The digest in a real Slack: the message, the chart in its thread, once whatever breaks, and the message alone where files can't be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.demo.slack_server import BOT_TOKEN, LoopbackSlack
from bot.slack.connection import web_client
from bot.slack.courier import SlackCourier
from intents.catalog import Intent
from models import Carrier
from tests.builders import Bench, secrets, sqlite_url
from tests.filing import opened
from tests.outboxes import states

DESK = "C0DESK"
CHART = "digest:2026-W48:slack:chart"
NEXT_MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)
WHERE_IT_BREAKS = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal")


class AtSlack(Bench):
    """A desk whose Slack is the loopback one; its clock and Slack's are one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(sqlite_url(folder))
        self.workspace = LoopbackSlack(clock=self.seconds).start()
        self.workspace.add_channel(DESK, "privacy-desk")
        courier = SlackCourier(web_client(self.workspace.api_url, BOT_TOKEN), self.app.office.config.organisation.time_zone)
        self.app._couriers[Carrier.SLACK] = courier

    def close(self) -> None:
        super().close()
        self.workspace.stop()

    def seconds(self) -> float:
        return self.clock.at.timestamp()

    def deliver_for(self, minutes: int) -> None:
        for _ in range(minutes):
            self.app.deliver()
            self.clock.at += timedelta(minutes=1)

    @property
    def posts(self) -> list[dict[str, Any]]:
        return [one for one in self.workspace.messages(DESK) if "week 48" in str(one.get("blocks"))]

    @property
    def files(self) -> list[dict[str, Any]]:
        return [one for one in self.workspace.messages(DESK) if one.get("files")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AtSlack]:
    """It is Monday morning, and the digest waits in the outbox."""
    desk = AtSlack(tmp_path)
    opened(desk, Intent.ACCESS)
    desk.app.deliver()
    desk.clock.at = NEXT_MONDAY
    desk.app.remind()
    yield desk
    desk.close()


def test_the_chart_stands_in_the_thread_of_the_message(desk: AtSlack) -> None:
    desk.app.deliver()
    [post], [chart] = desk.posts, desk.files
    assert chart["thread_ts"] == post["ts"]
    [file] = chart["files"]
    assert (file["name"], file["title"]) == ("privacy-desk-2026-W48.png", "Privacy desk 2026-W48: 1 open, 1 received, 0 closed")
    content = desk.workspace.file_content(file["id"])
    assert content is not None and content.startswith(b"\x89PNG")
    assert "Open by due date" in desk.workspace.calls_of("files.getUploadURLExternal")[0].arguments["alt_txt"]


@pytest.mark.parametrize("method", WHERE_IT_BREAKS)
@pytest.mark.parametrize("after_effect", [False, True], ids=["before it was done", "after it was done"])
def test_a_broken_line_costs_no_chart_and_makes_no_second(desk: AtSlack, method: str, after_effect: bool) -> None:
    desk.workspace.fail_next(method, drop=True, after_effect=after_effect)
    desk.deliver_for(30)
    assert (len(desk.posts), len(desk.files)) == (1, 1)
    assert states(desk)[CHART] == "sent"


def test_a_crash_after_the_upload_makes_no_second_chart(desk: AtSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = desk.app._outbox
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_settle", lambda parcel, *rest: (_ for _ in ()).throw(KeyboardInterrupt) if parcel.key == CHART
                      else type(outbox)._settle(outbox, parcel, *rest))  # fmt: skip
        with pytest.raises(KeyboardInterrupt):
            desk.app.deliver()
    assert states(desk)[CHART] == "claimed" and len(desk.files) == 1
    desk.clock.at += timedelta(minutes=6)
    desk.deliver_for(5)
    assert states(desk)[CHART] == "sent" and len(desk.files) == 1


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("error", ["missing_scope", "storage_limit_reached", "some_new_error"])
def test_where_files_can_not_be_the_message_stands_and_the_rest_goes_on(desk: AtSlack, method: str, error: str) -> None:
    desk.workspace.fail_next(method, error=error, times=100)
    desk.app.deliver()
    desk.app.tell_desk("after", "Still here.")
    desk.deliver_for(3)
    assert states(desk)[CHART] == "failed"
    assert (len(desk.posts), len(desk.files)) == (1, 0)
    assert desk.workspace.messages(DESK)[-1]["text"] == "Still here."


def test_an_upload_that_slack_turns_away_is_tried_again(desk: AtSlack) -> None:
    desk.workspace.fail_next("upload", status=503, times=2)
    desk.workspace.fail_next("files.completeUploadExternal", status=429, headers={"Retry-After": "30"})
    desk.deliver_for(60)
    assert (len(desk.posts), len(desk.files)) == (1, 1)


def test_two_processes_make_one_chart(desk: AtSlack) -> None:
    second = App(desk.app.config, secrets(), couriers=desk.app._couriers, clock=desk.clock)
    second.remind()
    for app in (desk.app, second, desk.app):
        app.deliver()
    second.close()
    assert (len(desk.posts), len(desk.files)) == (1, 1)
