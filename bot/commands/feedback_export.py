"""Feedback export: writes the corrected mails as JSON lines, for its reader alone."""

import json
import os
from pathlib import Path

from bot.app import App
from bot.config import Config
from bot.config_file import ConfigError, Secrets
from bot.feedback import labelled
from models.schema import told


def export_feedback(config: Config, secrets: Secrets, file: Path) -> int:
    """Returns how many mails it wrote. Raises ConfigError where the file is there already or can't be written, SchemaError."""
    with told():
        core = App(config, secrets)
        try:
            rows = core.read(lambda session: list(labelled(session)))
        finally:
            core.close()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as target:
            target.writelines(json.dumps(row, ensure_ascii=True) + "\n" for row in rows)
    except OSError as error:
        raise ConfigError(f"{file}: can't be written ({error.strerror})") from None
    return len(rows)
