"""The Web API methods for views and files."""

from bot.demo.slack_files import described, found
from bot.demo.slack_methods import Arguments, Context, method, needed
from bot.demo.slack_rules import ApiError, check_view
from bot.demo.slack_shapes import Json
from bot.demo.slack_views import find_view, open_view, publish_home, push_view, replace_view, stack_of
from bot.demo.slack_workspace import UploadedFile


@method("views.open")
def views_open(context: Context, arguments: Arguments) -> Json:
    """Open a modal for whoever the trigger_id was given to."""
    check_view(needed(arguments, "view"), "modal")
    user = context.workspace.redeem_trigger(str(needed(arguments, "trigger_id")))
    return {"view": open_view(context.workspace, user, arguments["view"])}


@method("views.push")
def views_push(context: Context, arguments: Arguments) -> Json:
    """Put a view on top of an open modal."""
    check_view(needed(arguments, "view"), "modal")
    user = context.workspace.redeem_trigger(str(needed(arguments, "trigger_id")))
    if not stack_of(context.workspace, user):
        raise ApiError("invalid_trigger_id")
    return {"view": push_view(context.workspace, user, arguments["view"])}


@method("views.update")
def views_update(context: Context, arguments: Arguments) -> Json:
    """Show another content in an open view; ApiError `not_found`, `hash_conflict`."""
    name = "external_id" if arguments.get("external_id") else "view_id"
    old = find_view(context.workspace, name.removeprefix("view_"), str(needed(arguments, name)))
    if arguments.get("hash") not in (None, "", old["hash"]):
        raise ApiError("hash_conflict")
    return {"view": replace_view(context.workspace, old, needed(arguments, "view"))}


@method("views.publish")
def views_publish(context: Context, arguments: Arguments) -> Json:
    """Show a home tab to a person; ApiError `user_not_found`, `hash_conflict`."""
    user = str(needed(arguments, "user_id"))
    if user not in context.workspace.users:
        raise ApiError("user_not_found")
    current = context.workspace.homes.get(user, {}).get("hash")
    if arguments.get("hash") not in (None, "", current):
        raise ApiError("hash_conflict")
    return {"view": publish_home(context.workspace, user, needed(arguments, "view"))}


@method("files.getUploadURLExternal")
def upload_url(context: Context, arguments: Arguments) -> Json:
    """Where to send a file's content."""
    file = UploadedFile(context.workspace.identifier("F"), str(needed(arguments, "filename")), int(needed(arguments, "length")))
    context.workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{context.base_url}/upload/{file.id}"}


@method("files.completeUploadExternal")
def complete_upload(context: Context, arguments: Arguments) -> Json:
    """Share uploaded files into a channel or thread; ApiError `file_not_found` for one whose content never came."""
    told = [_uploaded(context, one) for one in needed(arguments, "files")]
    channel_id = arguments.get("channel_id") or arguments.get("channels")
    if channel_id:
        message: Json = {"text": str(arguments.get("initial_comment") or ""), "files": told, "upload": True, "subtype": "file_share"}
        thread = {"thread_ts": arguments["thread_ts"]} if arguments.get("thread_ts") else {}
        context.stream.post_as_bot(context.workspace.joined_channel(str(channel_id)), {**message, **thread})
    for one in told:
        context.workspace.files[one["id"]].shared = True
    return {"files": told}


@method("files.info")
def file_info(context: Context, arguments: Arguments) -> Json:
    """What a file is, and where its content lies; ApiError `file_not_found`, `file_deleted`."""
    return {"file": described(found(context.workspace, needed(arguments, "file")), context.base_url)}


def _uploaded(context: Context, wanted: Json) -> Json:
    file = context.workspace.files.get(str(wanted.get("id")))
    if file is None or file.content is None or file.shared:
        raise ApiError("file_not_found")
    return {"id": file.id, "name": file.name, "title": wanted.get("title") or file.name, "size": file.length, "mode": "hosted"}
