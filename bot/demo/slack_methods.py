"""The Web API methods of the loopback Slack: the table of them, and those that write messages (docs.slack.dev/reference/methods)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.slack_rules import ApiError, check_message
from bot.demo.slack_shapes import Json
from bot.demo.slack_stream import Stream
from bot.demo.slack_workspace import APP_ID, BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, Channel, Workspace

Arguments = Mapping[str, Any]
MOST_PER_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Context:
    """What a method works with."""

    workspace: Workspace
    stream: Stream
    new_socket_url: Callable[[], str]
    base_url: str
    """Of this server, without a slash at the end."""


Method = Callable[[Context, Arguments], Json]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Enter a function into the table under its Slack name; it returns the answer without `ok`, or raises ApiError."""

    def enter(function: Method) -> Method:
        METHODS[name] = function
        return function

    return enter


def needed(arguments: Arguments, name: str) -> Any:
    """A required argument; ApiError `invalid_arguments` names it when it is missing."""
    value = arguments.get(name)
    if value in (None, ""):
        raise ApiError("invalid_arguments", (f"missing required field: {name} [json-pointer:/{name}]",))
    return value


def flag(arguments: Arguments, name: str) -> bool:
    """A boolean argument, which form bodies bring as text."""
    return str(arguments.get(name, "")).lower() in ("1", "true")


def page(items: list[Any], arguments: Arguments, default: int = 100) -> tuple[list[Any], str]:
    """The items from the cursor on, at most `limit`, and the cursor of the next page or an empty string."""
    try:
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or default)
    except ValueError:
        raise ApiError("invalid_cursor") from None
    if not 0 < limit <= MOST_PER_PAGE:
        raise ApiError("invalid_limit")
    following = start + limit
    return items[start:following], str(following) if following < len(items) else ""


@method("auth.test")
def auth_test(context: Context, arguments: Arguments) -> Json:  # noqa: ARG001
    """Who the token belongs to."""
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": "Loopback",
        "user": "privacybot",
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def connections_open(context: Context, arguments: Arguments) -> Json:  # noqa: ARG001
    """A WebSocket address that works once."""
    return {"url": context.new_socket_url()}


def writable(context: Context, arguments: Arguments) -> Channel:
    """The channel a message goes to: an id, a #name, or a person's id for the conversation with them."""
    wanted = str(needed(arguments, "channel"))
    workspace = context.workspace
    if wanted in workspace.users:
        return workspace.direct(wanted)
    named = [channel.id for channel in workspace.channels.values() if channel.name == wanted.removeprefix("#")]
    return workspace.joined_channel(named[0] if named else wanted)


def content(arguments: Arguments) -> Json:
    """The parts of a message that Slack keeps; ApiError when it would refuse them."""
    check_message(arguments)
    kept = {name: arguments[name] for name in ("blocks", "attachments", "metadata", "thread_ts", "username") if arguments.get(name)}
    return {"text": str(arguments.get("text") or arguments.get("markdown_text") or ""), **kept}


@method("chat.postMessage")
def post_message(context: Context, arguments: Arguments) -> Json:
    """Post to a channel or thread. A thread_ts without its message is taken, as a reply to a deleted message would be."""
    channel = writable(context, arguments)
    message = content(arguments)
    if flag(arguments, "reply_broadcast") and "thread_ts" in message:
        message["subtype"] = "thread_broadcast"
    stored = context.stream.post_as_bot(channel, message)
    return {"channel": channel.id, "ts": stored["ts"], "message": dict(stored)}


@method("chat.update")
def update_message(context: Context, arguments: Arguments) -> Json:
    """Change one's own message: text without blocks takes the old blocks away, metadata stays unless given."""
    channel, message = _own_message(context, arguments, "cant_update_message")
    check_message(arguments)
    workspace = context.workspace
    changes: Json = {"text": str(arguments.get("text") or message["text"])}
    if arguments.get("blocks") is not None or arguments.get("text"):
        changes["blocks"] = workspace.with_identifiers(arguments.get("blocks") or []) or None
    if arguments.get("metadata") is not None:
        changes["metadata"] = arguments["metadata"] or None
    if not changes.get("blocks"):
        changes["edited"] = {"user": BOT_USER, "ts": workspace.next_ts()}
    context.stream.amend(channel, message, changes)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": dict(message)}


@method("chat.delete")
def delete_message(context: Context, arguments: Arguments) -> Json:
    """Delete one's own message."""
    channel, message = _own_message(context, arguments, "cant_delete_message")
    ts = message["ts"]
    context.stream.remove(channel, message)
    return {"channel": channel.id, "ts": ts}


def _own_message(context: Context, arguments: Arguments, error: str) -> tuple[Channel, Json]:
    channel = context.workspace.joined_channel(str(needed(arguments, "channel")))
    message = context.workspace.message(channel.id, str(needed(arguments, "ts")))
    if message.get("bot_id") != BOT_ID:
        raise ApiError(error)
    return channel, message


@method("chat.postEphemeral")
def post_ephemeral(context: Context, arguments: Arguments) -> Json:
    """Show a message to one member of a channel."""
    channel = writable(context, arguments)
    user = str(needed(arguments, "user"))
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    shown = context.workspace.whisper(channel.id, user, content(arguments))
    return {"message_ts": shown["ts"]}


@method("chat.getPermalink")
def permalink(context: Context, arguments: Arguments) -> Json:
    """The address of a message for people."""
    channel = context.workspace.joined_channel(str(needed(arguments, "channel")))
    message = context.workspace.message(channel.id, str(needed(arguments, "message_ts")))
    parent = message.get("thread_ts")
    place = f"?thread_ts={parent}&cid={channel.id}" if parent else ""
    return {
        "channel": channel.id,
        "permalink": f"https://{TEAM_DOMAIN}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}{place}",
    }


@method("reactions.add")
def add_reaction(context: Context, arguments: Arguments) -> Json:
    """React to a message; ApiError `already_reacted` the second time."""
    channel = context.workspace.joined_channel(str(needed(arguments, "channel")))
    message = context.workspace.message(channel.id, str(needed(arguments, "timestamp")))
    name = str(needed(arguments, "name")).strip(":")
    reactions: list[Json] = message.setdefault("reactions", [])
    if any(reaction["name"] == name and BOT_USER in reaction["users"] for reaction in reactions):
        raise ApiError("already_reacted")
    reactions.append({"name": name, "users": [BOT_USER], "count": 1})
    return {}
