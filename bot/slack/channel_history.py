"""Channel history: what people wrote in a channel and its threads, edited and deleted, as Slack still shows it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.posting import is_a_persons, is_gone

Message = Mapping[str, Any]
_PAGE = 100


def said_since(client: WebClient, channel: str, oldest: str) -> Iterator[Message]:
    """What people posted in a channel after `oldest` (a Slack time stamp), oldest first; one that was edited since as its edit.

    Raises SlackApiError or a network error.
    """
    for message in _history(client, channel, oldest):
        if is_a_persons(message):
            yield {**_edit_of(message), "ts": message["ts"]} if message.get("edited") else message


def changed_since(client: WebClient, channel: str, threads: Collection[str], since: float) -> list[Message]:
    """What happened to the `threads` (time stamps of their first posts) after `since`, as the events that tell it, oldest first.

    The history shows edits, the tombstone of a deleted post that was answered, and that there are new replies; not that a reply was
    edited or deleted. Raises SlackApiError or a network error.
    """
    if not threads:
        return []
    before = f"{min(map(float, threads)) - 1:.6f}"
    events: list[Message] = []
    for message in _history(client, channel, before):
        if message["ts"] in threads:
            events += _told_of(message, since)
            if float(message.get("latest_reply") or 0) > since:
                events += _replies(client, channel, str(message["ts"]), f"{since:.6f}")
    return sorted(events, key=lambda event: float(event["ts"]))


def _told_of(message: Message, since: float) -> Iterator[Message]:
    if is_gone(message):
        yield {"subtype": "message_deleted", "channel": message["channel"], "deleted_ts": message["ts"], "ts": message["ts"]}
    elif float((message.get("edited") or {}).get("ts") or 0) > since:
        yield _edit_of(message)


def _edit_of(message: Message) -> Message:
    return {"subtype": "message_changed", "channel": message["channel"], "message": message, "ts": str(message["edited"]["ts"])}


def _replies(client: WebClient, channel: str, thread: str, oldest: str) -> Iterator[Message]:
    def read(**page: Any) -> SlackResponse:
        return client.conversations_replies(channel=channel, ts=thread, oldest=oldest, **page)

    for reply in _pages(read):
        if is_a_persons(reply) and reply["ts"] != thread:
            yield {**reply, "channel": channel}


def _history(client: WebClient, channel: str, oldest: str) -> Sequence[Message]:
    def read(**page: Any) -> SlackResponse:
        return client.conversations_history(channel=channel, oldest=oldest, **page)

    found = sorted(_pages(read), key=lambda message: float(message["ts"]))
    return [{**message, "channel": channel} for message in found]


def _pages(read: Callable[..., SlackResponse]) -> Iterator[Message]:
    cursor = ""
    while True:
        page = read(limit=_PAGE, cursor=cursor)
        yield from page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return
