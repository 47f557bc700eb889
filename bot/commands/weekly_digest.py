"""Weekly digest: what `privacybot digest` prints, writes and sends."""

from collections.abc import Sequence
from pathlib import Path

from bot.app import App
from bot.config import Config
from bot.config_file import ConfigError, Secrets
from bot.digest import Digest
from bot.digest_config import digest_language
from bot.digest_figures import gather
from bot.digest_page import render
from bot.weekly import last_due_week, name_of, told_of
from bot.weeks import Week
from models import Notice, NoticeState

_NOBODY = "nothing queued: config.yaml names no digest.recipients, and there is no desk in Slack"


def show_digest(config: Config, secrets: Secrets, week: str | None, html: Path | None, language: str | None, *, send: bool) -> None:
    """Print the digest, write it as a page, or queue it. Raises ConfigError for a week or language that is none."""
    languages = _languages(config, language)
    if send and language:
        raise ConfigError("--language: goes with printing and --html; who gets which language says digest.recipients in config.yaml")
    core = App(config, secrets)
    try:
        chosen = _week(core, week)
        digest: Digest = core.read(lambda session: gather(session, core.office, chosen, core.clock()))
        if html is not None:
            _write(html, core.edition(digest, languages).alone(languages).html)
        if send:
            print(_send(core, digest))
        if html is None and not send:
            print(render(digest, config.organisation.name, languages).text)
    finally:
        core.close()


def _send(core: App, digest: Digest) -> str:
    """Queue it for whoever has none of it yet. Returns what is to be said."""
    name = name_of(digest)
    told: list[Notice] = core.read(lambda session: told_of(session, core.office, name))
    if told:
        sent = sum(notice.state == NoticeState.SENT for notice in told)
        first = min(notice.created_at for notice in told).astimezone(core.config.organisation.time_zone)
        return f"nothing queued: the digest {name} was queued on {first:%Y-%m-%d at %H:%M}; {sent} of {len(told)} sent"
    queued = core.send_digest(core.edition(digest))
    return f"queued {queued} {'notice' if queued == 1 else 'notices'}; the running bot sends them" if queued else _NOBODY


def _languages(config: Config, language: str | None) -> Sequence[str]:
    try:
        return (digest_language(language),) if language else config.digest.languages
    except ValueError as error:
        raise ConfigError(f"--language: {error}") from None


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
        raise ConfigError(f"--week: {week} has not begun yet; the latest is {Week.of(today)}")
    return week
