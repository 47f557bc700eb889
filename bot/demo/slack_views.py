"""The life of a modal or home tab: opened, pushed, updated, submitted, closed."""

from collections.abc import Mapping
from typing import Any

from bot.demo.slack_controls import state
from bot.demo.slack_rules import ApiError, check_view
from bot.demo.slack_shapes import Json
from bot.demo.slack_workspace import APP_ID, BOT_ID, TEAM_ID, Workspace

MOST_STACKED = 3
"""A modal is a stack of at most three views (docs.slack.dev/surfaces/modals)."""

DEFAULTS: Mapping[str, Any] = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "title": None,
    "submit": None,
    "close": None,
    "clear_on_close": False,
    "notify_on_close": False,
}


def stack_of(workspace: Workspace, user: str) -> list[Json]:
    """The views a person has open, the visible one last."""
    return workspace.modals.setdefault(user, [])


def open_view(workspace: Workspace, user: str, view: Json) -> Json:
    """Open a modal in place of whatever was open."""
    check_view(view, "modal")
    stack_of(workspace, user).clear()
    return push_view(workspace, user, view)


def push_view(workspace: Workspace, user: str, view: Json) -> Json:
    """Put a view on top; ApiError `push_limit_reached`."""
    check_view(view, "modal")
    stack = stack_of(workspace, user)
    if len(stack) >= MOST_STACKED:
        raise ApiError("push_limit_reached")
    made = _made(workspace, view, workspace.identifier("V"))
    made["root_view_id"] = stack[0]["id"] if stack else made["id"]
    made["previous_view_id"] = stack[-1]["id"] if stack else None
    stack.append(made)
    workspace.changed.notify_all()
    return made


def replace_view(workspace: Workspace, old: Json, view: Json) -> Json:
    """Show another content under the same view id."""
    check_view(view, old["type"])
    made = _made(workspace, view, old["id"])
    made["root_view_id"], made["previous_view_id"] = old["root_view_id"], old["previous_view_id"]
    made["state"] = state(made["blocks"], {}, old["state"])  # what a person typed stays where the field does
    for stack in workspace.modals.values():
        stack[:] = [made if one["id"] == old["id"] else one for one in stack]
    for user, home in workspace.homes.items():
        workspace.homes[user] = made if home["id"] == old["id"] else home
    workspace.changed.notify_all()
    return made


def publish_home(workspace: Workspace, user: str, view: Json) -> Json:
    """Show a home tab to a person."""
    check_view(view, "home")
    old = workspace.homes.get(user)
    if old:
        return replace_view(workspace, old, view)
    made = _made(workspace, view, workspace.identifier("V"))
    workspace.homes[user] = {**made, "root_view_id": made["id"], "previous_view_id": None}
    workspace.changed.notify_all()
    return workspace.homes[user]


def close_view(workspace: Workspace, user: str, view: Json, *, everything: bool = False) -> None:
    """Close a view of a person's modal, or the whole modal."""
    stack = stack_of(workspace, user)
    stack[:] = [] if everything else [one for one in stack if one["id"] != view["id"]]
    workspace.changed.notify_all()


def find_view(workspace: Workspace, name: str, value: str) -> Json:
    """An open view by its `id` or `external_id`; ApiError `not_found`."""
    everything = [*workspace.homes.values(), *(view for stack in workspace.modals.values() for view in stack)]
    for view in everything:
        if value and view[name] == value:
            return view
    raise ApiError("not_found")


def apply_response(workspace: Workspace, user: str, submitted: Json, ack: Json) -> None:
    """What the answer to a view_submission does; ApiError `invalid_arguments` when Slack would show the person an error instead.

    Source: docs.slack.dev/surfaces/modals, "Responding to view submissions".
    """
    action = ack.get("response_action")
    if action == "errors":
        _check_errors(submitted, ack.get("errors"))
    elif action == "update":
        replace_view(workspace, submitted, ack.get("view") or {})
    elif action == "push":
        push_view(workspace, user, ack.get("view") or {})
    elif action in (None, "clear"):
        close_view(workspace, user, submitted, everything=action == "clear")
    else:
        raise ApiError("invalid_arguments", (f"unknown response_action: {action}",))


def _check_errors(view: Json, errors: Any) -> None:
    """Errors belong to input blocks of the view, by block_id."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise ApiError("invalid_arguments", ("missing required field: errors",))
    strangers = sorted(set(errors) - inputs)
    if strangers:
        raise ApiError("invalid_arguments", [f"no input block has the block_id: {one}" for one in strangers])


def _made(workspace: Workspace, view: Json, view_id: str) -> Json:
    return {
        **DEFAULTS,
        **view,
        "id": view_id,
        "hash": f"{workspace.next_ts()}.{workspace.number():x}",
        "team_id": TEAM_ID,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
        "blocks": workspace.with_identifiers(view["blocks"]),
        "state": {"values": {}},
    }
