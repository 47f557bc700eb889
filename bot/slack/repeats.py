"""Repeats: what Slack delivers again, or a person sends twice, is answered as the first time and done once."""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from slack_bolt import Ack, BoltResponse

_STAYS = ('"errors"', '"push"')
"""What stands in an answer after which the form is still there."""
_REMEMBERED = 5_000
_WAIT_SECONDS = 2.5  # Slack waits for 3
_LOOK_SECONDS = 0.01


class Repeats:
    """Bolt's middleware. Interactions are known by their trigger, forms by view and hash: a double click has two triggers.

    Events need none of this: what is filed from them is unique in the database, and one that failed may come again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Ack] = OrderedDict()

    def answer_once(self, body: dict[str, Any], ack: Ack, next: Callable[[], None]) -> BoltResponse | None:  # noqa: A002 (Bolt's name)
        """Let through what is new; answer a repeat with what the first one was answered, as soon as it is."""
        first = self._first(_name(body), ack)
        if first is ack:
            next()
            return None
        end = time.monotonic() + _WAIT_SECONDS
        while first.response is None and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        return first.response or BoltResponse(status=200, body="")

    def _first(self, name: str, ack: Ack) -> Ack:
        if not name:
            return ack
        with self._lock:
            known = self._answers.get(name)
            if known is not None and not _may_come_again(known):
                return known
            self._answers[name] = ack
            self._answers.move_to_end(name)
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
            return ack


def _name(body: Mapping[str, Any]) -> str:
    if body.get("type") == "view_submission":
        view = body["view"]  # the entries count, too: some Slacks keep the hash while one form follows another in the same view
        entered = sha256(json.dumps([view.get("callback_id"), view.get("private_metadata"), view.get("state")], sort_keys=True).encode())
        return f"{view['id']} {view.get('hash', '')} {entered.hexdigest()}"
    return str(body.get("trigger_id") or "")


def _may_come_again(first: Ack) -> bool:
    """A form with errors is corrected and sent again, so is one over which another view was laid; what failed may be tried again."""
    answer = first.response
    return answer is not None and (answer.status != 200 or any(mark in (answer.body or "") for mark in _STAYS))
