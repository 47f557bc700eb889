"""Tables: what the digest command shows, writes and queues."""

from pathlib import Path

from bot.app import App
from bot.config import Config
from bot.config_file import ConfigError, Secrets
from bot.digest import Week
from bot.digest_page import render
from bot.weekly import gather, last_due_week, queue_week


def show_digest(config: Config, secrets: Secrets, week: str | None, html: Path | None, *, send: bool) -> None:
    """Print the digest, write it as a page, or queue it. Raises ConfigError for a week that is none."""
    core = App(config, secrets)
    try:
        chosen = _week(core, week)
        page = render(core.read(lambda session: gather(session, core.office, chosen, core.clock())), config.organisation.name)
        if html is not None:
            _write(html, page.html)
        if send:
            queued = core.read(lambda session: queue_week(session, core.office, chosen, core.clock()))
            print(f"queued {queued} notices" if queued else "nothing queued: it was sent, or has no recipients")
        if html is None and not send:
            print(page.text)
    finally:
        core.close()


def _write(file: Path, page: str) -> None:
    try:
        file.write_text(page, "utf-8")
    except OSError as error:
        raise ConfigError(f"--html {file}: can't be written ({error.strerror})") from None


def _week(core: App, name: str | None) -> Week:
    if name is None:
        return last_due_week(core.office, core.clock())
    try:
        week = Week.parse(name)
    except ValueError as error:
        raise ConfigError(f"--week: {error}") from None
    today = core.clock().astimezone(core.config.organisation.time_zone).date()
    if week.first > today:
        raise ConfigError(f"--week: {week} has not begun yet")
    return week
