"""A terminal: a folder with config.yaml and secrets, and the commands a person runs in it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import __main__ as command_line
from bot.demo.slack_server import APP_TOKEN, BOT_TOKEN
from models import Vault
from tests.builders import config_data
from tests.live.dovecot import PASSWORD

KEY = Vault.new_key()
CLOSED_PORT = 1
"""Nobody listens there: it takes root to, and nobody does."""
Answer = tuple[int, str, str]
"""Exit code, standard output, standard error."""


class Terminal:
    """Where one person works. Everything in the config can be reached, or fails at once."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.database, self._patch, self._capture = folder, folder / "bot.db", monkeypatch, capsys
        self.environ = {"PRIVACYBOT_KEY": KEY, "PRIVACYBOT_IMAP_PASSWORD": PASSWORD, "PRIVACYBOT_SMTP_PASSWORD": PASSWORD}
        self.environ |= {"PRIVACYBOT_SLACK_BOT_TOKEN": BOT_TOKEN, "PRIVACYBOT_SLACK_APP_TOKEN": APP_TOKEN}
        self.write()

    def write(self, **sections: Any) -> None:
        """config.yaml anew, for a small company without Slack; a lock is waited for a moment only."""
        data = config_data(f"sqlite:///{self.database}?timeout=0.05", slack=False, model=str(self.folder / "no-model"))
        data |= sections
        (self.folder / "config.yaml").write_text(yaml.safe_dump(data), "utf-8")

    def run(self, *arguments: str) -> Answer:
        """A command, run within this process."""
        for name in [name for name in os.environ if name.startswith("PRIVACYBOT_")]:
            self._patch.delenv(name)
        for name, value in self.environ.items():
            self._patch.setenv(name, value)
        self._patch.chdir(self.folder)
        self._patch.setattr(sys, "argv", ["privacybot", *arguments])
        with pytest.raises(SystemExit) as end:
            command_line.main()
        captured = self._capture.readouterr()
        return int(end.value.code or 0), captured.out, captured.err

    def run_apart(self, *arguments: str, before: tuple[str, ...] = ()) -> Answer:
        """The same in a process of its own; `before`: a program that starts it."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PRIVACYBOT_")}
        environ |= {**self.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
        command = [*before, sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, timeout=90, check=False)
        return done.returncode, done.stdout, done.stderr

    def line(self, answer: Answer, part: str) -> str:
        """What `check` says of one part."""
        return next(line for line in answer[1].splitlines() if line[6:].startswith(part))
