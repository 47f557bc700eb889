"""The gallery: a page of all that colleagues see in the demo's Slack: cards with their threads, forms, the home tab."""

from collections.abc import Iterator
from typing import Any

from bot.demo.block_page import Painter, page
from bot.demo.stage import ANN, BEN, DESK, INTAKE, Stage

_WAIT = 15.0
_NAMES = {ANN: "ann", BEN: "ben", DESK: "privacy-desk", INTAKE: "privacy-intake"}
Json = dict[str, Any]


def draw_gallery(stage: Stage, *, dark: bool = False, phone: bool = False) -> str:
    """Opens each form on an open card, looks at the home tab, and draws it all with the channels as they stand."""
    painter = Painter(_NAMES)
    parts = [(f"Form: {name}", painter.view(view)) for name, view in _forms(stage)]
    parts.append(("Home", painter.view(_home(stage))))
    channels = [(f"#{_NAMES[channel]}", "".join(_messages(stage, painter, channel))) for channel in (DESK, INTAKE)]
    return page("Privacy desk in Slack", [*channels, *parts], dark=dark, phone=phone)


def _messages(stage: Stage, painter: Painter, channel: str) -> Iterator[str]:
    for message in stage.slack.messages(channel):
        if message.get("thread_ts") in (None, message["ts"]):
            yield painter.message(message, [reply for reply in stage.slack.thread(channel, message["ts"]) if reply["ts"] != message["ts"]])


def _forms(stage: Stage) -> Iterator[tuple[str, Json]]:
    """Each button and each line of the menu that opens a window."""
    card = next(message for message in stage.slack.messages(DESK) if '"change"' in str(message.get("blocks")).replace("'", '"'))
    for action in ("view", "change", "close"):
        stage.slack.press(ANN, DESK, card["ts"], action).wait_ack()
        yield action.capitalize(), _opened(stage)
    menu = next(element for element in card["blocks"][-1]["elements"] if element["action_id"] == "more")
    for option in (option for option in menu["options"] if option["text"]["text"].endswith("…")):
        stage.slack.select(ANN, DESK, card["ts"], "more", option["value"]).wait_ack()
        yield option["text"]["text"], _opened(stage)


def _opened(stage: Stage) -> Json:
    view: Json = stage.slack.wait_for(lambda: stage.slack.views_of(ANN), _WAIT)[-1]
    stage.slack.close_view(ANN, view, everything=True)
    return view


def _home(stage: Stage) -> Json:
    stage.slack.open_home(ANN).wait_ack()
    home: Json = stage.slack.wait_for(lambda: stage.slack.home_of(ANN) or {}, _WAIT)
    return home
