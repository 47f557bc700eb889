"""Reach: people click only once the app is connected; Slack tells them when it is not."""

from bot.demo.slack_socket import SocketHub
from bot.demo.slack_workspace import Workspace

REACH_SECONDS = 3.0
"""How long a click waits for the app to be connected before Slack tells the person that the app did not respond."""


class AppUnreachable(ConnectionError):
    """No Socket Mode connection is open, so an interaction cannot be brought to the app; events wait instead."""


class Reaching:
    """Holds the workspace's lock once the app is connected; AppUnreachable after REACH_SECONDS without it."""

    def __init__(self, workspace: Workspace, hub: SocketHub) -> None:
        self._changed = workspace.changed
        self._hub = hub

    def __enter__(self) -> None:
        self._changed.acquire()
        if not self._changed.wait_for(lambda: self._hub.connections > 0, REACH_SECONDS):
            self._changed.release()
            raise AppUnreachable("no Socket Mode connection is open")

    def __exit__(self, *_: object) -> None:
        self._changed.release()
