"""The parse command: mails in, one JSON line each out; an unreadable mail still gives its line."""

import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.parse_report import describe, mail_files, mails_in, mails_of
from bot.config import Config
from bot.config_file import ConfigError
from bot.screening import Policy

NEVER = datetime.fromtimestamp(0, UTC)  # when a mail of a file was received nobody knows, and the report doesn't say


def parse_files(files: list[str], config: Config | None) -> None:
    """Print a line for each mail of each file. Raises ConfigError naming a file that can't be read; a reader who leaves ends it."""
    own = config.own_addresses if config else frozenset()
    domain = config.mailbox.address.partition("@")[2] if config else ""
    policy = Policy(own_addresses=own, own_message_domain=domain, loop_tokens_valid=lambda _: False)
    ours = config.mailbox.authserv_id if config else None
    try:
        for file in files:
            for name, raw in _mails(file):
                print(json.dumps(describe(raw, name, NEVER, policy, ours), ensure_ascii=True))
        sys.stdout.flush()
    except BrokenPipeError:  # `| head`: nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _mails(file: str) -> Iterator[tuple[str, bytes]]:
    if file == "-":
        yield from (("-", raw) for raw in mails_of(io.BytesIO(sys.stdin.buffer.read())))
        return
    if Path(file).is_dir() and next(mail_files(Path(file)), None) is None:
        raise ConfigError(f"{file}: no mail in this folder; *.eml files and Maildirs are looked for")
    try:
        yield from mails_in(Path(file))
    except OSError as error:
        raise ConfigError(f"{file}: can't be read ({error.strerror})") from None
