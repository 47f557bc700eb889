"""What an event of the intake channel tells: posts, edits and deletions of people, and nothing else."""

from typing import Any

import pytest

from bot.posting import Told, moment, read_post

POST = {"type": "message", "channel": "C1", "user": "U1", "ts": "1795424400.000100", "text": "Please delete it."}
EDITED = {**POST, "text": "Please send it.", "edited": {"user": "U1", "ts": "1795424460.000000"}}
GONE = {"type": "message", "subtype": "tombstone", "ts": POST["ts"], "user": "USLACKBOT", "text": "This message was deleted."}


def changed(message: Any, **more: Any) -> dict[str, Any]:
    return {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "1795424999.000000", "message": message, **more}


@pytest.mark.parametrize("subtype", [None, "file_share", "thread_broadcast", "me_message"])
def test_what_a_person_writes_is_a_post(subtype: str | None) -> None:
    post = read_post({**POST, "subtype": subtype})
    assert post is not None and (post.told, post.user, post.at) == (Told.NEW, "U1", POST["ts"])


@pytest.mark.parametrize(
    "event",
    [
        {**POST, "bot_id": "B1"}, {**POST, "subtype": "bot_message"}, {**POST, "subtype": "channel_join"}, {**POST, "user": None},
        {**POST, "subtype": "channel_topic"}, {**POST, "subtype": "message_replied"}, {**POST, "subtype": "reminder_add"},
        changed({**EDITED, "bot_id": "B1"}), changed({}), changed({**POST, "attachments": [{"title": "a link, unfurled"}]}),
    ],
)  # fmt: skip
def test_bots_joins_and_unfurled_links_are_none(event: dict[str, Any]) -> None:
    assert read_post(event) is None


def test_an_edit_is_known_by_the_time_of_it_and_keeps_its_place() -> None:
    post = read_post(changed({key: value for key, value in EDITED.items() if key != "channel"}))
    assert post is not None
    assert (post.told, post.at, post.event["ts"], post.event["channel"], post.event["text"]) == (
        Told.EDITED, "1795424460.000000", POST["ts"], "C1", "Please send it.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_deleted", "channel": "C1", "deleted_ts": POST["ts"], "ts": "1795424999.0", "previous_message": POST},
        changed(GONE, previous_message=POST),  # how Slack tells it of a post that was answered
    ],
)
def test_a_deletion_is_told_in_two_ways(event: dict[str, Any]) -> None:
    post = read_post(event)
    assert post is not None and (post.told, post.event["ts"], post.user) == (Told.DELETED, POST["ts"], "U1")


def test_a_time_stamp_is_an_instant() -> None:
    assert moment("1795424400.000100").isoformat() == "2026-11-23T09:00:00.000100+00:00"
