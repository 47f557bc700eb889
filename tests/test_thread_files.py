"""Files of a ticket's thread: offered by name, fetched whole or not at all, with a token that only Slack gets to see."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from slack_sdk import WebClient

from bot.demo.slack_server import BOT_TOKEN, LoopbackSlack
from bot.slack.connection import web_client
from bot.slack.thread_files import MOST, NotFetched, Place, fetch, offered
from tests.slack_bench import Clock, refused, workspace

LARGEST = 20_000_000


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with workspace(Clock()) as server:
        yield server


@pytest.fixture
def client(slack: LoopbackSlack) -> WebClient:
    return web_client(slack.api_url, BOT_TOKEN)


@pytest.fixture
def place(client: WebClient) -> Place:
    return "C1", client.chat_postMessage(channel="C1", text="card")["ts"]


class Thread:
    """Answers as slack_sdk's client of the real Slack would, about the files of one thread."""

    base_url, token = "https://slack.com/api/", BOT_TOKEN

    def __init__(self, *files: dict[str, Any]) -> None:
        self.files = files

    def conversations_replies(self, **_: Any) -> dict[str, Any]:
        return {"messages": [{"user": "U1", "files": list(self.files)}]}

    def files_info(self, *, file: str) -> dict[str, Any]:
        return {"file": told(file, name="shared.pdf")}


def told(file_id: str, **more: Any) -> dict[str, Any]:
    return {"id": file_id, "name": "x.pdf", "size": 1, "mode": "hosted", "is_external": False, **more}


def upload(slack: LoopbackSlack, place: Place, name: str, content: bytes = b"x", **more: Any) -> str:
    delivery = slack.upload("C1", "U1", name, content, place[1], **more)
    return str(delivery.payload["event"]["files"][0]["id"])


def failure(client: WebClient, place: Place, *ids: str, largest: int = LARGEST) -> str:
    with pytest.raises(NotFetched) as caught:
        fetch(client, place, ids, largest)
    assert caught.value.__cause__ is None
    return str(caught.value)


class TestOffered:
    def test_are_the_newest_of_the_thread_that_people_uploaded(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        slack.upload("C1", "U1", "beside the thread.pdf", b"x")
        client.files_upload_v2(channel="C1", thread_ts=place[1], filename="by the bot.csv", content="a,b\n")
        ids = [upload(slack, place, f"{number}.pdf", b"x" * number) for number in range(1, MOST + 3)]
        slack.delete_file("U1", ids[-1])
        found = offered(client, place)
        assert [(file.id, file.name, file.size) for file in found] == [
            (ids[number - 1], f"{number}.pdf", number) for number in range(2, MOST + 2)
        ]

    def test_of_a_long_thread_are_found_on_its_last_page(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        for number in range(210):
            slack.say("C1", "U2", f"note {number}", place[1])
        upload(slack, place, "last.pdf")
        assert [file.name for file in offered(client, place)] == ["last.pdf"]

    def test_without_a_card_are_none(self, client: WebClient) -> None:
        assert offered(client, ("", "")) == []

    def test_lie_at_slack_itself_and_are_files(self) -> None:
        strange = [
            told("F1", mode="external", is_external=True), told("F2", mode="hosted", is_external=True), told("F3", mode="tombstone"),
            told("F4", mode="quip"), {"id": "F5"}, told("F6", mode="snippet"),
        ]  # fmt: skip
        assert [file.id for file in offered(cast(WebClient, Thread(*strange)), ("C1", "1.0"))] == ["F6"]

    def test_of_a_channel_shared_with_another_company_are_asked_for_one_by_one(self) -> None:
        shared = Thread({"id": "F1", "file_access": "check_file_info"})
        assert [(file.id, file.name) for file in offered(cast(WebClient, shared), ("C1", "1.0"))] == [("F1", "shared.pdf")]

    def test_say_what_is_missing(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        slack.fail_next("conversations.replies", error="missing_scope")
        with pytest.raises(NotFetched, match="lacks the scope files:read"):
            offered(client, place)
        slack.fail_next("conversations.replies", status=503)
        with pytest.raises(NotFetched, match="service_unavailable"):
            offered(client, place)


class TestFetch:
    def test_gives_the_chosen_ones_in_the_order_of_the_thread(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        one, _, three = (upload(slack, place, name, name.encode() * 9_000, media_type="text/csv") for name in ("ä", "b", "c d.csv"))
        found = fetch(client, place, [three, one], LARGEST)
        assert [(file.name, file.media_type, file.content) for file in found] == [
            ("ä", "text/csv", "ä".encode() * 9_000), ("c d.csv", "text/csv", b"c d.csv" * 9_000),
        ]  # fmt: skip

    def test_asks_for_nothing_outside_the_thread(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        foreign = slack.upload("C1", "U1", "elsewhere.pdf", b"x").payload["event"]["files"][0]["id"]
        assert "deleted from the thread" in failure(client, place, foreign)
        assert slack.calls_of("download") == []

    def test_fetches_nothing_where_all_together_are_too_large(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        ids = [upload(slack, place, "a", b"x" * 600), upload(slack, place, "b", b"x" * 600)]
        assert "1,200 bytes, at most 1,000" in failure(client, place, *ids, largest=1_000)
        assert slack.calls_of("download") == []
        assert len(fetch(client, place, ids, 1_200)) == 2

    @pytest.mark.parametrize("fault", [{"status": 500}, {"status": 404}, {"drop": True}])
    def test_says_that_it_did_not_work(self, slack: LoopbackSlack, client: WebClient, place: Place, fault: dict[str, Any]) -> None:
        one = upload(slack, place, "secret name.pdf")
        slack.fail_next("download", **fault)
        told = failure(client, place, one)
        assert "could not be fetched" in told and "secret" not in told and "http" not in told.lower().replace("httperror", "")
        assert len(fetch(client, place, [one], LARGEST)) == 1

    def test_takes_no_sign_in_page_for_a_file(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        """Slack answers 200 and HTML to whoever may not read files."""
        one = upload(slack, place, "a.pdf", b"%PDF", media_type="application/pdf")
        reader = client.conversations_replies
        stranger = web_client(slack.api_url, "xoxb-other")
        with pytest.MonkeyPatch.context() as patch:  # whose token may read the thread, but not its files
            patch.setattr(stranger, "conversations_replies", reader)
            assert "files:read" in failure(stranger, place, one)

    def test_takes_no_half_file(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        one = upload(slack, place, "a.pdf", b"x" * 100)
        slack.workspace.files[one].content = b"x" * 99
        assert "incomplete" in failure(client, place, one)
        slack.workspace.files[one].content = b"x" * 101
        assert "incomplete" in failure(client, place, one)

    @pytest.mark.parametrize("url", [
        "https://files.slack.com.evil.example/x", "https://evil.example/files.slack.com", "https://evilslack.com/x", "http://files.slack.com/x",
        "https://files.slack.com@evil.example/x", "//files.slack.com/x", "file:///etc/passwd", "", "https://",
    ])  # fmt: skip
    def test_gives_the_token_to_slack_alone(self, url: str) -> None:
        client = cast(WebClient, Thread(told("F1", url_private_download=url, url_private=url)))
        assert "does not lie at Slack" in failure(client, ("C1", "1.0"), "F1")


class TestLoopback:
    def test_describes_a_file_as_slack_does(self, slack: LoopbackSlack, client: WebClient, place: Place) -> None:
        one = upload(slack, place, "größer.csv", b"a;b", media_type="text/csv")
        told = client.files_info(file=one)["file"]
        assert (told["name"], told["size"], told["mimetype"], told["mode"]) == ("größer.csv", 3, "text/csv", "hosted")
        slack.delete_file("U1", one)
        assert refused(client.files_info, file=one)[0] == "file_not_found"
        assert refused(client.files_info, file="F0")[0] == "file_not_found"
        assert slack.thread(*place)[1]["files"][0]["id"] == one
        assert client.conversations_replies(channel="C1", ts=place[1])["messages"][1]["files"] == [{"id": one, "mode": "tombstone"}]
