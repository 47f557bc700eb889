"""Openings: a window whose content has to be looked up; where that is slow, a small one opens in time and is filled later."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.blocks import plain
from bot.slack.courier import NETWORK
from bot.slack.modals import label
from bot.workers import attempt

_LOOKED_UP_SECONDS = 1.0  # of the three that a trigger lives (docs.slack.dev/interactivity/handling-user-interaction)


class Opening:
    """One window on its way. The trigger opens one view only: the small one or the real one."""

    def __init__(self, client: WebClient, trigger: str) -> None:
        self._client, self._trigger = client, trigger
        self._lock, self._over, self._small = threading.Lock(), False, ""

    def show(self, look_up: Callable[[], Mapping[str, Any]], words_for: Callable[[Exception], str]) -> None:
        """Look up and show. What goes wrong is raised, or told in the small window where that is open already."""
        timer = threading.Timer(_LOOKED_UP_SECONDS, self._open_small)
        timer.daemon = True
        timer.start()
        found: list[Mapping[str, Any]] = []
        error = attempt(lambda: found.append(look_up()))
        timer.cancel()
        with self._lock:
            self._over = True
        if self._small:
            self._client.views_update(view_id=self._small, view=dict(found[0]) if error is None else _small(words_for(error)))
        elif error is not None:
            raise error
        else:
            self._client.views_open(trigger_id=self._trigger, view=dict(found[0]))

    def _open_small(self) -> None:
        with self._lock:
            if not self._over:
                with suppress(SlackApiError, *NETWORK):  # the real one is told of it
                    answer = self._client.views_open(trigger_id=self._trigger, view=_small("One moment, this is being looked up …"))
                    self._small = str(answer["view"]["id"])


def _small(words: str) -> dict[str, Any]:
    blocks = [{"type": "section", "text": plain(words, 3_000)}]
    return {"type": "modal", "title": label("Privacy desk"), "close": label("Close"), "blocks": blocks}
