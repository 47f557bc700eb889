"""Chart files: puts a digest's picture below its message; a file carries no metadata, so it is found again by its name in that thread."""

from base64 import b64decode
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.outbox import Parcel, TryAgain, Undeliverable

# The message above says it all in text: what a person would have to set right (the scope files:write, a full workspace) is no reason to
# hold the other notices back, and none to try for ever. What passes by itself is tried again.
_PASSES = frozenset(("fatal_error", "internal_error", "ratelimited", "rate_limited", "request_timeout", "service_unavailable"))


def upload(client: WebClient, parcel: Parcel) -> str:
    """Upload and share it in the thread of the parcel's anchor, as slack_sdk does it. Returns `channel:file`. Raises Undeliverable."""
    channel, _, thread = _anchor(parcel).partition(":")
    file = parcel.payload["file"]
    shared = client.files_upload_v2(
        filename=file["name"], title=file["title"], alt_txt=file["alt"], content=b64decode(file["png"]), channel=channel, thread_ts=thread
    )
    files: list[dict[str, Any]] = shared["files"]
    return f"{channel}:{files[0]['id']}"


def find(client: WebClient, parcel: Parcel) -> str | None:
    """The receipt of a picture that stands in the thread already."""
    if not parcel.anchor:
        return None
    channel, _, thread = parcel.anchor.partition(":")
    replies = client.conversations_replies(channel=channel, ts=thread, limit=200)
    files = (file for message in replies["messages"] for file in message.get("files", ()))
    return next((f"{channel}:{file['id']}" for file in files if file.get("name") == parcel.payload["file"]["name"]), None)


def trouble(error: SlackApiError, name: str, usual: TryAgain | Undeliverable) -> TryAgain | Undeliverable:
    """What an API error means for a picture; `usual`: what it means for a message."""
    status = getattr(error.response, "status_code", 0)
    return usual if name in _PASSES or status == 429 or status >= 500 else Undeliverable(f"slack {name}")


def _anchor(parcel: Parcel) -> str:
    if not parcel.anchor:
        raise Undeliverable("its message is not there")
    return parcel.anchor
