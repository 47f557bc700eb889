"""Home: the app's home tab, which shows what waits for me and for the desk, with buttons that work there."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.slack.access import Access
from bot.slack.blocks import Block, due_words, escape, intent_name, mrkdwn, plain, sign
from bot.slack.errands import ERRANDS
from bot.slack.manners import Back, Event

_TITLES = {
    "overdue": "Overdue", "mine": "My tickets", "due this week": "Due this week", "unassigned": "Without a handler", "held": "Held mail",
}  # fmt: skip
_SHOWN = 8  # five lists of eight tickets, two blocks each, stay below the 100 that a view takes
_UNREAD = ("held: ", "unreadable: ", "too large")


def register_home(app: App, back: Back, access: Access) -> None:
    """Hang the home tab's listener into Bolt's app."""

    @app.event("app_home_opened")
    def on_home(event: Event, client: WebClient) -> None:
        if event.get("tab", "home") == "home":
            ERRANDS.run(lambda: _welcome(client, back, access, event["user"]))


def _welcome(client: WebClient, back: Back, access: Access, user: str) -> None:
    if access.may(client, user):
        show_home(client, back, user)
    else:
        client.views_publish(user_id=user, view={"type": "home", "blocks": [{"type": "section", "text": mrkdwn(access.no)}]})


def show_home(client: WebClient, back: Back, user: str) -> None:
    """Draw the home tab of one colleague anew."""
    client.views_publish(user_id=user, view=home(back.show("home", user)))


def home(overview: Mapping[str, Any]) -> Block:
    """The home tab of what `bot.home.overview` found."""
    blocks: list[Block] = [{"type": "header", "text": plain("Privacy desk")}, *_digest(overview["digest"])]
    for part in overview["lists"]:
        blocks += _part(part)
    return {"type": "home", "blocks": blocks[:-1]}  # the last line divides nothing


def _digest(figures: Mapping[str, Any] | None) -> list[Block]:
    if figures is None:
        return []
    words = f"{figures['received']} received · {figures['closed']} closed · {figures['open']} open · {figures['overdue']} overdue"
    text = f"Week {figures['week']}: {words} · answered on time {figures['on_time']}"
    return [{"type": "context", "elements": [plain(text)]}]


def _part(part: Mapping[str, Any]) -> list[Block]:
    tickets = part["tickets"][:_SHOWN]
    blocks: list[Block] = [{"type": "section", "text": mrkdwn(f"*{_TITLES[part['name']]}* ({part['count']})")}]
    for facts in tickets:
        blocks.append({"type": "section", "text": mrkdwn(_words(facts))})
        blocks.append({"type": "actions", "elements": _buttons(facts)})
    if part["count"] > len(tickets):
        blocks.append({"type": "context", "elements": [mrkdwn(f"and {part['count'] - len(tickets)} more: `/privacy list`")]})
    return [*blocks, {"type": "divider"}]


def _words(facts: Mapping[str, Any]) -> str:
    asked = ", ".join(intent_name(request["intent"]) for request in facts["requests"])
    due = min((request["due_on"] for request in facts["requests"] if request["due_on"] and not request["outcome"]), default=None)
    handler = f"<@{escape(facts['handler'])}>" if facts["handler"] else "nobody yet"
    unread = "".join(f" · {escape(warning)}" for warning in facts["warnings"] if warning.startswith(_UNREAD))
    return f"{sign(facts)} *{facts['reference']}* {asked or 'Nothing yet'}\nDue {due_words(due)} · {handler}{unread}"[:3_000]


def _buttons(facts: Mapping[str, Any]) -> list[Block]:
    claim = [] if facts["handler"] else [_button("Claim", "claim", facts["reference"], style="primary")]
    return [*claim, _button("View", "view", facts["reference"]), _button("Close", "close", facts["reference"])]


def _button(words: str, action: str, reference: str, **style: str) -> Block:
    return {"type": "button", "text": plain(words), "action_id": action, "value": reference, **style}
