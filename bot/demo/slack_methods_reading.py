"""The Web API methods that read: conversations, their members and history, people."""

from decimal import Decimal

from bot.demo.slack_files import described as described_file
from bot.demo.slack_methods import Arguments, Context, flag, method, needed, page
from bot.demo.slack_rules import ApiError
from bot.demo.slack_shapes import Json
from bot.demo.slack_workspace import BOT_USER, TEAM_ID, Channel, User, moment


@method("conversations.history")
def history(context: Context, arguments: Arguments) -> Json:
    """A channel's messages, newest first, without the replies in threads."""
    channel = context.workspace.joined_channel(str(needed(arguments, "channel")))
    top = [one for one in channel.messages if one.get("thread_ts") in (None, one["ts"]) or one.get("subtype") == "thread_broadcast"]
    return _messages(context, channel, _within(top, arguments)[::-1], arguments)


@method("conversations.replies")
def replies(context: Context, arguments: Arguments) -> Json:
    """A message and its replies, oldest first; ApiError `thread_not_found`."""
    channel = context.workspace.joined_channel(str(needed(arguments, "channel")))
    ts = str(needed(arguments, "ts"))
    thread = context.workspace.thread(channel.id, ts)
    if not thread:
        raise ApiError("thread_not_found")
    kept = _within(thread, arguments)
    # Slack gives the message that starts the thread with every page of it
    parents = [one for one in thread if one["ts"] == ts and one not in kept]
    return _messages(context, channel, parents + kept, arguments)


def _within(messages: list[Json], arguments: Arguments) -> list[Json]:
    """The messages between `oldest` and `latest`, the ends included only with `inclusive`."""
    oldest = moment(str(arguments.get("oldest") or 0))
    latest = moment(str(arguments["latest"])) if arguments.get("latest") else Decimal("Infinity")
    ends = (oldest, latest) if flag(arguments, "inclusive") else ()
    return [one for one in messages if oldest < moment(one["ts"]) < latest or moment(one["ts"]) in ends]


def _messages(context: Context, channel: Channel, messages: list[Json], arguments: Arguments) -> Json:
    shown, cursor = page(messages, arguments)
    with_metadata = flag(arguments, "include_all_metadata")
    answer: Json = {"messages": [_shown(context, channel, one, with_metadata) for one in shown], "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _shown(context: Context, channel: Channel, message: Json, with_metadata: bool) -> Json:
    """A copy for the reader: metadata only if asked for, and what the thread under it amounts to."""
    shown = {name: value for name, value in message.items() if with_metadata or name != "metadata"}
    known = context.workspace.files
    if message.get("files"):  # as they are now: one that was deleted leaves a tombstone
        shown["files"] = [described_file(known[one["id"]], context.base_url) for one in message["files"] if one["id"] in known]
    answers = [one for one in context.workspace.thread(channel.id, message["ts"]) if one is not message]
    if answers:
        users = list(dict.fromkeys(one["user"] for one in answers if "user" in one))
        shown |= {"thread_ts": message["ts"], "reply_count": len(answers), "reply_users": users, "latest_reply": answers[-1]["ts"]}
    return shown


@method("conversations.members")
def members(context: Context, arguments: Arguments) -> Json:
    """The ids of who is in a channel."""
    channel = context.workspace.channel(str(needed(arguments, "channel")))
    shown, cursor = page(channel.members, arguments)
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


@method("conversations.info")
def info(context: Context, arguments: Arguments) -> Json:
    """What a channel is."""
    channel = context.workspace.channel(str(needed(arguments, "channel")))
    count = {"num_members": len(channel.members)} if flag(arguments, "include_num_members") else {}
    return {"channel": {**described(channel), **count}}


@method("conversations.open")
def open_conversation(context: Context, arguments: Arguments) -> Json:
    """Open the conversation with one person."""
    users = needed(arguments, "users")
    wanted = users.split(",") if isinstance(users, str) else users
    if len(wanted) != 1:
        raise ApiError("not_enough_users" if not wanted else "method_not_supported_for_channel_type")
    channel = context.workspace.direct(wanted[0])
    return {"channel": described(channel) if flag(arguments, "return_im") else {"id": channel.id}}


@method("conversations.list")
def list_conversations(context: Context, arguments: Arguments) -> Json:
    """Every channel of the workspace."""
    return _channels([channel for channel in context.workspace.channels.values() if not channel.is_direct], arguments)


@method("users.conversations")
def conversations_of_user(context: Context, arguments: Arguments) -> Json:
    """The channels a person, or the bot, is a member of; direct conversations when `types` asks for them."""
    user = str(arguments.get("user") or BOT_USER)
    with_direct = "im" in str(arguments.get("types") or "").split(",")
    channels = context.workspace.channels.values()
    return _channels([one for one in channels if user in one.members and (with_direct or not one.is_direct)], arguments)


def _channels(channels: list[Channel], arguments: Arguments) -> Json:
    shown, cursor = page(channels, arguments)
    return {"channels": [described(channel) for channel in shown], "response_metadata": {"next_cursor": cursor}}


def described(channel: Channel) -> Json:
    """A channel as Slack describes it."""
    if channel.is_direct:
        return {"id": channel.id, "is_im": True, "is_channel": False, "user": channel.name}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": True,
        "is_im": False,
        "is_private": False,
        "is_archived": False,
        "is_member": BOT_USER in channel.members,
    }


@method("users.info")
def user_info(context: Context, arguments: Arguments) -> Json:
    """A person by id; ApiError `user_not_found`."""
    return {"user": _person(context.workspace.users.get(str(needed(arguments, "user"))), "user_not_found")}


@method("users.lookupByEmail")
def user_by_email(context: Context, arguments: Arguments) -> Json:
    """A person by mail address; ApiError `users_not_found`."""
    wanted = str(needed(arguments, "email")).lower()
    found = [user for user in context.workspace.users.values() if user.email.lower() == wanted]
    return {"user": _person(found[0] if found else None, "users_not_found")}


def _person(user: User | None, error: str) -> Json:
    if user is None:
        raise ApiError(error)
    profile = {"real_name": user.name, "display_name": user.name, "email": user.email}
    return {
        "id": user.id,
        "team_id": TEAM_ID,
        "name": user.name.lower().replace(" ", "."),
        "real_name": user.name,
        "deleted": False,
        "is_bot": False,
        "tz": "Europe/Berlin",
        "tz_offset": 3600,
        "profile": profile,
    }


@method("usergroups.users.list")
def users_of_group(context: Context, arguments: Arguments) -> Json:
    """Who is in a user group; ApiError `no_such_subteam`."""
    group = str(needed(arguments, "usergroup"))
    if group not in context.workspace.groups:
        raise ApiError("no_such_subteam")
    return {"users": list(context.workspace.groups[group])}
