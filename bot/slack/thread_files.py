"""Thread files: what colleagues put into the thread below a card, offered for a letter, and fetched whole or not at all."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.inquiry import Attachment
from bot.slack.courier import NETWORK, code

MOST = 10  # options of one group of checkboxes
_PAGE, _PAGES = 200, 20
_MODES = ("hosted", "snippet")  # others lie elsewhere (external), or are no files to be handed out (canvases, tombstones of deleted ones)
_TIMEOUTS = (5, 30)
_SECONDS = 120.0  # for one file
_CHUNK = 64 * 1024
_SCOPE = "the app lacks the scope files:read: add it as in slack-manifest.yaml and install the app again"

File = Mapping[str, Any]
Place = tuple[str, str]
"""Channel and time stamp of a card."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A file of the thread, by Slack's id; `size` in bytes."""

    id: str
    name: str = field(repr=False)
    size: int


class NotFetched(Exception):
    """The files can't be had; the message says why and is fit to be shown to the colleague."""


def offered(client: WebClient, place: Place) -> list[Offered]:
    """The newest files that people uploaded below the card, at most MOST. Raises NotFetched."""
    files = [Offered(str(file["id"]), str(file.get("name") or "file"), int(file.get("size") or 0)) for file in _files(client, place)]
    return files[-MOST:]


def fetch(client: WebClient, place: Place, ids: Collection[str], largest: int) -> list[Attachment]:
    """The chosen files, whole, in the order of the thread. Raises NotFetched where one is gone, cut short or all are too large.

    They are looked up in the thread once more, so that nothing but its own files can be asked for.
    """
    chosen = {str(file["id"]): file for file in _files(client, place) if file["id"] in ids}
    if len(chosen) < len(set(ids)):
        raise NotFetched("A file was deleted from the thread meanwhile. Please open the form again.")
    total = sum(int(file.get("size") or 0) for file in chosen.values())
    if total > largest:
        raise NotFetched(f"The files are too large for a mail: {total:,} bytes, at most {largest:,} (slack.largest_reply).")
    return [_fetched(client, file) for file in chosen.values()]


def _files(client: WebClient, place: Place) -> Iterator[File]:
    """What can be handed out, oldest first; the bot's own uploads are none of it."""
    channel, ts = place
    if not channel or not ts:
        return
    try:
        for message in _replies(client, channel, ts):
            for file in message.get("files") or () if not message.get("bot_id") else ():
                whole = _whole(client, file)
                if whole.get("mode") in _MODES and not whole.get("is_external"):
                    yield whole
    except SlackApiError as error:
        raise NotFetched(_why(error)) from None
    except NETWORK as error:
        raise NotFetched(f"Slack can't be reached ({type(error).__name__}). Please try again.") from None


def _replies(client: WebClient, channel: str, ts: str) -> Iterator[Mapping[str, Any]]:
    cursor = ""
    for _ in range(_PAGES):
        page = client.conversations_replies(channel=channel, ts=ts, limit=_PAGE, cursor=cursor)
        yield from page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _whole(client: WebClient, file: File) -> File:
    """In channels shared with other companies Slack tells only the id at first (docs.slack.dev/reference/objects/file-object)."""
    if file.get("file_access") != "check_file_info":
        return file
    found: File = client.files_info(file=file["id"])["file"]
    return found


def _why(error: SlackApiError) -> str:
    name = code(error)
    return f"Slack does not hand out the thread's files: {_SCOPE if name == 'missing_scope' else name}."


def _fetched(client: WebClient, file: File) -> Attachment:
    name, size = str(file.get("name") or "file"), int(file.get("size") or 0)
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(url, client.base_url):  # our token is for Slack alone
        raise NotFetched("A file does not lie at Slack itself. Upload it to the thread, please.")
    try:
        content, kind = _download(url, client.token or "", size)
    except (requests.RequestException, OSError) as error:
        raise NotFetched(f"A file could not be fetched from Slack ({type(error).__name__}). Please try again.") from None
    media_type = str(file.get("mimetype") or "application/octet-stream")
    if len(content) != size:
        signs_in = kind.startswith("text/html") and not media_type.startswith("text/html")  # what Slack shows instead of an error
        raise NotFetched(f"A file could not be fetched: {_SCOPE}." if signs_in else "A file came incomplete. Please try again.")
    return Attachment(name, media_type, content)


def _download(url: str, token: str, size: int) -> tuple[bytes, str]:
    """At most one byte more than `size`, and the Content-Type. Redirected elsewhere, requests takes the token away."""
    content, end = bytearray(), monotonic() + _SECONDS
    with requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUTS, stream=True) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_content(_CHUNK):
            content += chunk
            if len(content) > size:
                break
            if monotonic() > end:
                raise requests.Timeout
        return bytes(content), answer.headers.get("Content-Type", "")


def _is_slacks(url: str, api_url: str) -> bool:
    """files.slack.com belongs to slack.com, as files.slack-gov.com does to slack-gov.com; and no less encrypted than the API."""
    here, there = urlsplit(url), urlsplit(api_url)
    home = (there.hostname or "").removeprefix("www.")
    host = here.hostname or ""
    return bool(home) and here.scheme == there.scheme and (host == home or host.endswith(f".{home}"))
