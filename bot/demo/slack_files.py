"""Files of the loopback Slack: what people upload, how Slack describes it, and where its content lies behind the app's token."""

from typing import Any
from urllib.parse import quote

from bot.demo.slack_rules import ApiError
from bot.demo.slack_shapes import Json
from bot.demo.slack_workspace import TEAM_ID, UploadedFile, Workspace

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to see this file.</body></html>"
"""What Slack shows, with status 200 after a redirect, to whoever asks for a file without a token that may read it."""


def upload(workspace: Workspace, user: str, name: str, content: bytes, media_type: str) -> UploadedFile:
    """A person's file, ready to be shared."""
    file = UploadedFile(workspace.identifier("F"), name, len(content), content, shared=True, media_type=media_type, user=user)
    workspace.files[file.id] = file
    return file


def described(file: UploadedFile, base_url: str) -> Json:
    """A file object (docs.slack.dev/reference/objects/file-object); a deleted one is a tombstone."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    kind = file.name.rpartition(".")[2].lower()
    place = f"{base_url}/files-pri/{TEAM_ID}-{file.id}"
    return {
        "id": file.id, "name": file.name, "title": file.name, "mimetype": file.media_type, "filetype": kind, "pretty_type": kind.upper(),
        "user": file.user, "editable": False, "size": file.length, "mode": "hosted", "is_external": False, "external_type": "",
        "is_public": True, "public_url_shared": False, "display_as_bot": False, "url_private": f"{place}/{quote(file.name)}",
        "url_private_download": f"{place}/download/{quote(file.name)}", "file_access": "visible",
    }  # fmt: skip


def found(workspace: Workspace, file_id: Any) -> UploadedFile:
    """A file that is there; ApiError `file_not_found`, `file_deleted`."""
    file = workspace.files.get(str(file_id))
    if file is None or file.content is None:
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    return file
