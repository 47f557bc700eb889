"""Openers: what commands need, loaded when a command is run; beside `__main__` the one place with imports inside functions."""

import logging
import os
import sys
from pathlib import Path

from bot.commands.backlog import HeldDesk, Importer, Wishes
from bot.commands.letters import LetterDesk
from bot.commands.lists import SuppressionDesk
from bot.commands.policy_line import Asked
from bot.commands.record_lines import Records
from bot.config import Config
from bot.config_file import PREFIX, ConfigError, Secrets, read_config, read_secrets


def settled(path: Path) -> tuple[Config, Secrets]:
    """Config and secrets, before anything heavy is loaded: a slip of the pen is told at once."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for name in ("apscheduler", "alembic", "imapclient"):
        logging.getLogger(name).setLevel(logging.ERROR)
    config = read_config(path)
    secrets = read_secrets(config, os.environ)
    from models.vault import Vault, VaultError

    try:
        Vault(secrets.key)
    except VaultError as error:
        raise ConfigError(f"{PREFIX}KEY: {error}") from None
    return config, secrets


def held(config: Path) -> HeldDesk:
    """The desk of held mail."""
    settings, secrets = settled(config)
    from bot.commands.held import AtTheTerminal

    return AtTheTerminal(settings, secrets)


def importer(config: Path, wishes: Wishes) -> Importer:
    """What files old mail."""
    settings, secrets = settled(config)
    from bot.commands.importing import FromTheTerminal

    return FromTheTerminal(settings, secrets, wishes)


def export_feedback(config: Path, file: Path) -> int:
    """Write what was corrected to a file; returns how many mails."""
    settings, secrets = settled(config)
    from bot.commands import feedback_export

    return feedback_export.export_feedback(settings, secrets, file)


def records(config: Path) -> Records:
    """What looks things up in the records."""
    settings, secrets = settled(config)
    from bot.commands.records import AtTheRecords

    return AtTheRecords(settings, secrets)


def policy(config: Path, asked: Asked) -> None:
    """Print the passages that fit a question."""
    from bot.commands.policy import answer

    answer(asked.files or read_config(config).policy.files, asked)


def suppressions(config: Path) -> SuppressionDesk:
    """The suppression list."""
    settings, secrets = settled(config)
    from bot.commands.suppressions import AtTheTerminal

    return AtTheTerminal(settings, secrets)


def letters(config: Path) -> LetterDesk:
    """The letters, without secrets."""
    settings = read_config(config)
    from bot.commands.letter_preview import AtTheDesk

    return AtTheDesk(settings)
