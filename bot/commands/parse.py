"""The parse command: mails in, one JSON line each out; an unreadable mail still gives its line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.app import now
from bot.commands.parse_report import describe, mails_in
from bot.config import Config
from bot.config_file import ConfigError
from bot.screening import Policy


def parse_files(files: list[str], config: Config | None) -> None:
    """Print a line for each mail of each file. Raises ConfigError naming a file that can't be read."""
    own = config.own_addresses if config else frozenset()
    domain = config.mailbox.address.partition("@")[2] if config else ""
    policy = Policy(own_addresses=own, own_message_domain=domain, loop_tokens_valid=lambda _: False)
    for file in files:
        for raw in _mails(file):
            print(json.dumps(describe(raw, file, now(), policy, config.mailbox.authserv_id if config else None), ensure_ascii=True))


def _mails(file: str) -> Iterator[bytes]:
    if file == "-":
        yield sys.stdin.buffer.read()
        return
    try:
        yield from mails_in(Path(file))
    except OSError as error:
        raise ConfigError(f"{file}: can't be read ({error.strerror})") from None
