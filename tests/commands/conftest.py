"""A terminal for the tests of commands."""

from pathlib import Path

import pytest

from tests import builders
from tests.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """With the packaged model, and the key that the bench uses."""
    terminal = Terminal(tmp_path, monkeypatch, capsys)
    terminal.environ["PRIVACYBOT_KEY"] = builders.KEY
    terminal.write(model=None)
    return terminal
