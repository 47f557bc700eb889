"""Slack's courier: posts cards, notes and lines; a card is edited in place, and found again by its metadata after a crash."""

import logging
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.outbox import Parcel, TryAgain, Undeliverable
from bot.slack import chart_files
from bot.slack.blocks import card, escape

EVENT_TYPE = "privacybot_notice"
CHART = "chart"
_LOOK_BACK = timedelta(minutes=5)
_GONE = frozenset(("message_not_found", "cant_update_message", "edit_window_closed"))
_NEVER_THERE = frozenset(("thread_not_found", "message_not_found"))
_REFUSED = frozenset(("msg_too_long", "no_text", "user_not_found", "cannot_dm_bot", "user_disabled"))
# What is wrong with Slack or with our token; every other error is about one notice or its channel, and must not keep the others back.
_OUT = frozenset((
    "accesslimited", "account_inactive", "ekm_access_denied", "fatal_error", "internal_error", "invalid_auth", "missing_scope",
    "no_permission", "not_allowed_token_type", "not_authed", "org_login_required", "ratelimited", "rate_limited", "request_timeout",
    "service_unavailable", "team_access_not_granted", "team_added_to_org", "token_expired", "token_revoked", "two_factor_setup_required",
))  # fmt: skip
_USUAL_WISH, _LONGEST_WISH = timedelta(seconds=30), timedelta(hours=1)
# What urllib and ssl raise below slack_sdk: no connection, a broken one, or an answer that is none.
NETWORK = (SlackClientError, URLError, OSError, ValueError, HTTPException)

log = logging.getLogger("privacybot.slack")


class SlackCourier:
    """Takes notices to Slack. The notice's key travels as message metadata, so that Slack can be asked what it has."""

    def __init__(self, client: WebClient, zone: ZoneInfo) -> None:
        self._client, self._zone = client, zone
        self._troubled: set[str] = set()

    def send(self, parcel: Parcel) -> str:
        """Post, or edit the card that is there. Returns `channel:ts`."""
        try:
            receipt = self._deliver(parcel)
        except SlackApiError as error:
            passes = trouble(error) if parcel.kind != CHART else chart_files.trouble(error, code(error), trouble(error))
            if isinstance(passes, TryAgain) and not passes.down:
                self._say(parcel, passes.code)
            raise passes from None
        except NETWORK as error:
            raise TryAgain(type(error).__name__, down=True) from None
        self._troubled.discard(_place(parcel))
        return receipt

    def _say(self, parcel: Parcel, why: str) -> None:
        """A channel that can't be posted to waits for a person: told once, until something reaches it."""
        if (place := _place(parcel)) not in self._troubled:
            log.warning("%s takes no notices (%s); retrying until it does, nothing is lost", place, why)
        self._troubled.add(place)

    def find(self, parcel: Parcel) -> str | None:
        """Look for the notice's key in the channel (or below the card) since it was made."""
        if parcel.kind == "card" and parcel.anchor:
            return None  # an edit can be made twice without harm
        try:
            if parcel.kind == CHART:
                return chart_files.find(self._client, parcel)
            channel = self._channel(parcel)
            return next((f"{channel}:{m['ts']}" for m in self._recent(parcel, channel) if _key(m) == parcel.key), None)
        except SlackApiError as error:
            passes = trouble(error)
            if isinstance(passes, Undeliverable) or code(error) in _NEVER_THERE:
                return None
            raise passes from None
        except NETWORK as error:
            raise TryAgain(type(error).__name__, down=True) from None

    def rest(self) -> None:
        """Nothing is kept open."""

    def _deliver(self, parcel: Parcel) -> str:
        payload = parcel.payload
        if parcel.kind == "card":
            return self._card(parcel, card(payload["card"], self._zone))
        if parcel.kind == CHART:
            return chart_files.upload(self._client, parcel)
        message: dict[str, Any] = {"text": _line(payload)}
        if parcel.kind == "blocks":
            message = {"text": payload["text"], "blocks": payload["blocks"]}
        thread = parcel.anchor.partition(":")[2] if parcel.anchor else payload.get("thread_ts")
        return self._post(parcel, self._channel(parcel), {**message, **({"thread_ts": thread} if thread else {})})

    def _card(self, parcel: Parcel, message: dict[str, Any]) -> str:
        if parcel.anchor:
            channel, _, ts = parcel.anchor.partition(":")
            try:
                self._client.chat_update(channel=channel, ts=ts, **message)
            except SlackApiError as error:
                if code(error) not in _GONE:
                    raise
            else:
                return parcel.anchor
        return self._post(parcel, self._channel(parcel), message)

    def _post(self, parcel: Parcel, channel: str, message: dict[str, Any]) -> str:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": parcel.key}}
        answer = self._client.chat_postMessage(channel=channel, metadata=metadata, unfurl_links=False, unfurl_media=False, **message)
        return f"{answer['channel']}:{answer['ts']}"

    def _channel(self, parcel: Parcel) -> str:
        channel = str(parcel.payload["channel"])
        if parcel.anchor:
            return parcel.anchor.partition(":")[0]
        if channel.startswith(("U", "W")):
            return str(self._client.conversations_open(users=[channel])["channel"]["id"])
        return channel

    def _recent(self, parcel: Parcel, channel: str) -> list[dict[str, Any]]:
        oldest = f"{(parcel.created_at - _LOOK_BACK).timestamp():.6f}"
        thread = parcel.anchor.partition(":")[2] if parcel.anchor else parcel.payload.get("thread_ts")
        if thread:
            found = self._client.conversations_replies(channel=channel, ts=thread, oldest=oldest, include_all_metadata=True, limit=200)
        else:
            found = self._client.conversations_history(channel=channel, oldest=oldest, include_all_metadata=True, limit=200)
        return list(found["messages"])


def trouble(error: SlackApiError) -> TryAgain | Undeliverable:
    """Whether an API error is final for this notice, or passes: with Slack itself (a limit, a token), or with a channel set right."""
    name = code(error)
    status = error.response.status_code if isinstance(error.response, SlackResponse) else 0
    if status == 429:
        return TryAgain("ratelimited", _wish(error.response), down=True)
    if name in _REFUSED or name.startswith("invalid_blocks"):
        return Undeliverable(f"slack {name}")
    return TryAgain(f"slack {name}", down=status >= 500 or name in _OUT)


def _wish(response: SlackResponse) -> timedelta:
    """How long Slack wants to be left alone; headers come in any spelling."""
    named = {name.lower(): value for name, value in response.headers.items()}
    text = str(named.get("retry-after", ""))
    return min(timedelta(seconds=int(text)), _LONGEST_WISH) if text.isdecimal() and len(text) < 10 else _USUAL_WISH


def code(error: SlackApiError) -> str:
    """Slack's name of an error; `unknown` where the answer was no JSON."""
    data = error.response.data if isinstance(error.response, SlackResponse) else error.response
    return str(data.get("error", "unknown")) if isinstance(data, dict) else "unknown"


def _place(parcel: Parcel) -> str:
    """The channel, or a word for a colleague: logs name no people."""
    channel = str(parcel.payload["channel"])
    return "a colleague's direct channel" if channel.startswith(("U", "W")) else f"Slack channel {channel}"


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == EVENT_TYPE else None


def _line(payload: Any) -> str:
    """Our own words, with the colleague it is for and the one who acted."""
    mention = f"<@{escape(payload['mention'])}> " if payload.get("mention") else ""
    actor = str(payload.get("by", ""))
    by = f" By <@{escape(actor.removeprefix('slack:'))}>." if actor.startswith("slack:") else ""
    quote = "".join(f"\n> {escape(line)}" for line in str(payload.get("quote", "")).splitlines())
    return f"{mention}{payload['text']}{by}{quote}"
