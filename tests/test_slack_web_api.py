"""The Web API of the loopback Slack as slack_sdk sees it, with the faults one can order."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from bot.demo.slack_server import BOT_TOKEN, BOT_USER, LoopbackSlack
from tests.slack_bench import Clock, actions, button, refused, section, workspace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LoopbackSlack]:
    with workspace(clock) as server:
        yield server


@pytest.fixture
def client(slack: LoopbackSlack) -> WebClient:
    return WebClient(BOT_TOKEN, base_url=slack.api_url)


class TestWebApi:
    def test_wrong_and_revoked_tokens(self, slack: LoopbackSlack, client: WebClient) -> None:
        assert refused(WebClient("xoxb-other", base_url=slack.api_url).auth_test)[0] == "invalid_auth"
        assert refused(WebClient(base_url=slack.api_url).auth_test)[0] == "not_authed"
        assert refused(client.apps_connections_open, app_token=BOT_TOKEN)[0] == "not_allowed_token_type"
        slack.revoke()
        assert refused(client.auth_test)[0] == "token_revoked"

    def test_errors_of_posting(self, client: WebClient) -> None:
        assert refused(client.chat_postMessage, channel="C9", text="x")[0] == "channel_not_found"
        assert refused(client.chat_postMessage, channel="C2", text="x")[0] == "not_in_channel"
        assert refused(client.api_call, api_method="chat.postMessage", json={"channel": "C1"})[0] == "no_text"
        assert refused(client.chat_postMessage, channel="C1", text="x" * 40_001)[0] == "msg_too_long"
        assert refused(client.chat_update, channel="C1", ts="1.000001", text="x")[0] == "message_not_found"
        assert refused(client.api_call, api_method="chat.sing")[0] == "unknown_method"

    def test_form_bodies_carry_blocks_and_metadata_as_json_text(self, slack: LoopbackSlack, client: WebClient) -> None:
        form = {
            "channel": "C1",
            "text": "x",
            "blocks": '[{"type": "divider"}]',
            "metadata": '{"event_type": "a", "event_payload": {"k": 1}}',
        }
        client.api_call("chat.postMessage", data=form)
        assert slack.messages("C1")[0]["metadata"]["event_payload"] == {"k": 1}
        assert refused(client.api_call, api_method="chat.postMessage", data={**form, "blocks": "[{"})[0] == "invalid_blocks_format"

    def test_metadata_is_found_again_in_history_and_replies(self, client: WebClient) -> None:
        metadata = {"event_type": "privacybot_notice", "event_payload": {"key": "card:PRV-2026-00042"}}
        parent = client.chat_postMessage(channel="C1", text="card", metadata=metadata)
        client.chat_postMessage(channel="C1", text="reply", thread_ts=parent["ts"], metadata=metadata)
        client.chat_update(channel="C1", ts=parent["ts"], text="card, edited")
        assert "metadata" not in client.conversations_history(channel="C1")["messages"][0]
        history = client.conversations_history(channel="C1", include_all_metadata=True, oldest=parent["ts"], inclusive=True)["messages"]
        assert [(one["text"], one["metadata"], one["reply_count"]) for one in history] == [("card, edited", metadata, 1)]
        replies = client.conversations_replies(channel="C1", ts=parent["ts"], include_all_metadata=True)["messages"]
        assert [one["metadata"] for one in replies] == [metadata, metadata]

    def test_history_comes_in_pages_newest_first(self, client: WebClient) -> None:
        stamps = [client.chat_postMessage(channel="C1", text=f"{number}")["ts"] for number in range(5)]
        texts = [[one["text"] for one in part["messages"]] for part in client.conversations_history(channel="C1", limit=2)]
        assert texts == [["4", "3"], ["2", "1"], ["0"]]
        between = client.conversations_history(channel="C1", oldest=stamps[1], latest=stamps[3])["messages"]
        assert [one["text"] for one in between] == ["2"]

    def test_an_update_with_text_alone_takes_the_buttons_away(self, slack: LoopbackSlack, client: WebClient) -> None:
        ts = client.chat_postMessage(channel="C1", text="card", blocks=[actions(button("close"))])["ts"]
        client.chat_update(channel="C1", ts=ts, text="closed")
        assert "blocks" not in slack.message("C1", ts)
        theirs = slack.say("C1", "U1", "mine").ts
        assert refused(client.chat_update, channel="C1", ts=theirs, text="x")[0] == "cant_update_message"
        client.chat_delete(channel="C1", ts=ts)
        assert [one["text"] for one in slack.messages("C1")] == ["mine"]

    def test_channels_and_people(self, slack: LoopbackSlack, client: WebClient) -> None:
        assert client.users_info(user="U1")["user"]["profile"]["email"] == "ada@brandt.example"
        assert refused(client.users_info, user="U9")[0] == "user_not_found"
        assert client.users_lookupByEmail(email="noor@brandt.example")["user"]["id"] == "U2"
        assert client.conversations_members(channel="C1")["members"] == ["U1", "U2", BOT_USER]
        assert client.conversations_info(channel="C1")["channel"]["name"] == "privacy"
        assert [one["id"] for one in client.users_conversations()["channels"]] == ["C1"]
        direct = client.conversations_open(users="U1")["channel"]["id"]
        client.chat_postMessage(channel="U1", text="for you")
        assert [one["text"] for one in slack.messages(direct)] == ["for you"]

    def test_reactions_permalinks_and_whispers(self, slack: LoopbackSlack, client: WebClient) -> None:
        ts = client.chat_postMessage(channel="C1", text="x")["ts"]
        client.reactions_add(channel="C1", timestamp=ts, name="eyes")
        assert refused(client.reactions_add, channel="C1", timestamp=ts, name="eyes")[0] == "already_reacted"
        assert client.chat_getPermalink(channel="C1", message_ts=ts)["permalink"].endswith(f"/archives/C1/p{ts.replace('.', '')}")
        client.chat_postEphemeral(channel="C1", user="U1", text="psst")
        assert [(one["user"], one["text"]) for one in slack.ephemerals] == [("U1", "psst")]

    def test_a_file_is_uploaded_into_a_thread(self, slack: LoopbackSlack, client: WebClient) -> None:
        ts = client.chat_postMessage(channel="C1", text="export")["ts"]
        client.files_upload_v2(channel="C1", thread_ts=ts, filename="tickets.csv", content="a,b\n1,2\n")
        shared = slack.thread("C1", ts)[1]["files"][0]
        assert (shared["name"], slack.file_content(shared["id"])) == ("tickets.csv", b"a,b\n1,2\n")

    def test_an_unknown_response_url_is_refused(self, slack: LoopbackSlack) -> None:
        assert WebhookClient(f"{slack.api_url.removesuffix('api/')}response/none").send(text="x").status_code == 400

    def test_the_sdk_sees_the_error_and_the_pointer(self, client: WebClient) -> None:
        assert refused(client.chat_postMessage, channel="C1", text="x", blocks=[section("x" * 3001)]) == (
            "invalid_blocks",
            ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"],
        )
        assert refused(client.views_publish, user_id="U1", view={"type": "home", "blocks": [{"type": "sektion"}]}) == (
            "invalid_arguments",
            ["[ERROR] unsupported type: sektion [json-pointer:/view/blocks/0/type]"],
        )
        assert refused(client.chat_postMessage, channel="C1", text="x", metadata={"event_type": "x"})[0] == "invalid_metadata_format"


class TestFaults:
    def test_a_rate_limit_is_honoured_by_the_sdk(self, slack: LoopbackSlack, client: WebClient) -> None:
        client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
        slack.fail_next("chat.postMessage", status=429, headers={"Retry-After": "0"})
        client.chat_postMessage(channel="C1", text="once")
        assert [call.error for call in slack.calls_of("chat.postMessage")] == ["ratelimited", ""]
        assert len(slack.messages("C1")) == 1

    def test_server_errors_and_chosen_errors(self, slack: LoopbackSlack, client: WebClient) -> None:
        slack.fail_next("chat.postMessage", status=500)
        slack.fail_next("chat.postMessage", error="is_archived")
        assert refused(client.chat_postMessage, channel="C1", text="x")[0] == "internal_error"
        assert refused(client.chat_postMessage, channel="C1", text="x")[0] == "is_archived"
        assert slack.messages("C1") == []

    def test_a_dropped_answer_leaves_the_message_posted(self, slack: LoopbackSlack, client: WebClient) -> None:
        client.retry_handlers.clear()
        slack.fail_next("chat.postMessage", drop=True, after_effect=True)
        with pytest.raises((ConnectionError, urllib.error.URLError)):
            client.chat_postMessage(channel="C1", text="did it arrive?")
        assert len(slack.messages("C1")) == 1

    def test_waiting_in_vain_says_what_happened(self, slack: LoopbackSlack, client: WebClient) -> None:
        client.chat_postMessage(channel="C1", text="private words")
        with pytest.raises(TimeoutError, match=r'"C1": 1.*chat\.postMessage') as caught:
            slack.wait_for(lambda: False, timeout=0)
        assert "private words" not in str(caught.value)
