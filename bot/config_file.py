"""Reads config.yaml and the secrets; every error names the key, its line and what is allowed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config import Config
from bot.mail_config import MailboxConfig, OAuthConfig
from bot.notation import Section, database_address
from bot.slack_config import SlackConfig

PREFIX = "PRIVACYBOT_"
_WEBHOOK_SECRET, _SHORTEST_SECRET = "webhook_secret", 16
Location = tuple[int | str, ...]


class ConfigError(ValueError):
    """The configuration can't be used; one line per fault. Commands answer it with exit code 2."""


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: `no` is a country, `08:30` a time, `2026-01-31` a text that pydantic reads."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


@dataclass(frozen=True, slots=True)
class MailSecrets:
    """How one mailbox logs in; `repr` shows none of it."""

    imap_password: str = field(default="", repr=False)
    smtp_password: str = field(default="", repr=False)
    oauth_client_secret: str = field(default="", repr=False)
    oauth_refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must not stand in a file that people share; `repr` shows none of it."""

    key: str = field(repr=False)
    imap_password: str = field(default="", repr=False)
    smtp_password: str = field(default="", repr=False)
    slack_bot_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False, kw_only=True)
    database_url: str = field(default="", repr=False)
    oauth_client_secret: str = field(default="", repr=False)
    oauth_refresh_token: str = field(default="", repr=False)
    further: Mapping[str, MailSecrets] = field(default_factory=dict, repr=False, kw_only=True)
    """Of the further mailboxes, by name."""
    webhooks: Mapping[str, str] = field(default_factory=dict, repr=False, kw_only=True)
    """What each webhook's requests are signed with, by its name."""

    def of(self, mailbox: MailboxConfig, main: MailboxConfig) -> MailSecrets:
        """Those of one mailbox."""
        if mailbox is main:
            return MailSecrets(self.imap_password, self.smtp_password, self.oauth_client_secret, self.oauth_refresh_token)
        return self.further.get(mailbox.name, MailSecrets())


def read_config(path: Path) -> Config:
    """The validated config. Raises ConfigError naming file, line, key and what is allowed, one line per fault."""
    root, data = _parsed(path, _text(path))
    if not isinstance(data, dict):
        raise ConfigError(f"{path}, line 1: must hold keys such as organisation: and mailbox:")
    if twice := sorted(_duplicates(root)):
        raise ConfigError("\n".join(f"{path}, line {line}: {key}: stands twice, first in line {first}" for line, key, first in twice))
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        faults = sorted(((_line(root, fault["loc"]), fault) for fault in error.errors()), key=lambda pair: pair[0])
        raise ConfigError("\n".join(f"{path}, line {line}: {_key(fault)}: {_allowed(fault)}" for line, fault in faults)) from None


def read_secrets(config: Config, environ: Mapping[str, str]) -> Secrets:
    """The secrets this config needs, each from PRIVACYBOT_NAME or the file in PRIVACYBOT_NAME_FILE.

    Raises ConfigError naming the missing ones; no message holds a value.
    """
    needed = {"key": True, **_needed_by(config.mailbox)}
    needed |= {"database_url": False, **_needed_by_slack(config.slack)}
    values = {name: _secret(name, environ) for name in needed}
    missing = [PREFIX + name.upper() for name, must in needed.items() if must and not values[name]]
    further: dict[str, MailSecrets] = {}
    for mailbox in config.mailboxes:
        further[mailbox.name], lacking = _of_further(mailbox, config.mailbox, values, environ)
        missing += lacking
    webhooks, lacking = _of_webhooks(config, environ)
    missing += lacking
    if missing:
        raise ConfigError("\n".join(f"{name}: is not set in the environment (nor {name}_FILE, a file that holds it)" for name in missing))
    if values["database_url"]:
        try:
            database_address(values["database_url"])
        except ValueError as error:
            raise ConfigError(f"{PREFIX}DATABASE_URL: {error}") from None
    return Secrets(**values, further=further, webhooks=webhooks)


def _needed_by_slack(slack: SlackConfig | None) -> dict[str, bool]:
    """One token to speak; and to listen, a second one for the web socket, or the secret that Slack signs its requests with."""
    mode = slack.mode if slack else ""
    return {"slack_bot_token": slack is not None, "slack_app_token": mode == "socket", "slack_signing_secret": mode == "http"}


def _needed_by(mailbox: MailboxConfig) -> dict[str, bool]:
    """The secrets of a mailbox, and whether it can't do without: a public client has no secret, but Google gives each of its one."""
    oauth, passwords = mailbox.oauth, {"imap": mailbox.imap.login, "smtp": mailbox.smtp.login}
    return {
        "imap_password": passwords["imap"] == "password",
        "smtp_password": passwords["smtp"] == "password" and bool(mailbox.smtp.user),
        "oauth_client_secret": oauth is not None and (oauth.flow == "client_credentials" or oauth.provider == "google"),
        "oauth_refresh_token": oauth is not None and oauth.flow == "refresh_token",
    }


def _of_further(
    mailbox: MailboxConfig, main: MailboxConfig, mains: Mapping[str, str], environ: Mapping[str, str]
) -> tuple[MailSecrets, list[str]]:
    """The secrets PRIVACYBOT_..._NAME of a further mailbox, and which are missing; an app of all mailboxes needs its secret once."""
    needed, suffix = _needed_by(mailbox), "_" + mailbox.name.replace("-", "_")
    values = {name: _secret(name + suffix, environ) for name in needed}
    if not values["oauth_client_secret"] and mailbox.oauth and main.oauth and _same_app(mailbox.oauth, main.oauth):
        values["oauth_client_secret"] = mains["oauth_client_secret"]
    missing = [PREFIX + (name + suffix).upper() for name, must in needed.items() if must and not values[name]]
    return MailSecrets(**values), missing


def _of_webhooks(config: Config, environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The secret PRIVACYBOT_WEBHOOK_SECRET_NAME of each webhook, or the one of them all, and which are missing."""
    found, missing = {}, []
    for name in config.receivers:
        places = (f"{_WEBHOOK_SECRET}_{name.replace('-', '_')}", _WEBHOOK_SECRET)
        place, found[name] = next(((one, secret) for one in places if (secret := _secret(one, environ))), (_WEBHOOK_SECRET, ""))
        if 0 < len(found[name]) < _SHORTEST_SECRET:
            raise ConfigError(f"{PREFIX}{place.upper()}: must have {_SHORTEST_SECRET} characters or more")
        missing += [] if found[name] else [PREFIX + place.upper()]
    return found, list(dict.fromkeys(missing))


def _same_app(one: OAuthConfig, other: OAuthConfig) -> bool:
    """A secret goes nowhere but where its app was registered."""
    return all(getattr(one, key) == getattr(other, key) for key in ("provider", "tenant", "client_id", "authority", "token_url"))


def _secret(name: str, environ: Mapping[str, str]) -> str:
    variable = PREFIX + name.upper()
    if value := environ.get(variable, ""):
        return value
    if not (file := environ.get(variable + "_FILE", "")):
        return ""
    try:
        value = Path(file).read_text("utf-8").strip("\r\n")
    except (OSError, ValueError) as error:  # UnicodeDecodeError and a path with a NUL are ValueErrors
        why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(f"{variable}_FILE: the file it names can't be read ({why})") from None
    if not value:
        raise ConfigError(f"{variable}_FILE: the file it names is empty")
    return value


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; make one with: privacybot init") from None
    except OSError as error:
        raise ConfigError(f"{path}: can't be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: is not UTF-8 text; save it as UTF-8") from None


def _parsed(path: Path, text: str) -> tuple[yaml.Node | None, Any]:
    """The file as nodes, which know their lines, and as data."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(f"{path}, line {line}: is not valid YAML (a control character)") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ConfigError(f"{path}, line {mark.line + 1 if mark else 1}: is not valid YAML ({error.problem})") from None
    except (ValueError, RecursionError):  # `!!int x`; a thousand brackets
        raise ConfigError(
            f"{path}, line 1: is not valid YAML (a value is not of the type its !! tag names, or nested too deeply)"
        ) from None


def _key(fault: ErrorDetails) -> str:
    return ".".join(str(part) for part in fault["loc"])


_WORDS = {
    "missing": "is missing",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be a text; put it in quotes",
    "tuple_type": "must be a list, such as [one, two]",
    "path_type": "must be the path of a file",
    "path_not_file": "must be a file that exists",
    "literal_error": "must be one of {expected}",
    "too_short": "must name at least {min_length}",
    "too_long": "must name {max_length} at most",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}
"""pydantic's kinds of faults, in a reader's words."""


def _allowed(fault: ErrorDetails) -> str:
    kind, context, here = fault["type"], fault.get("ctx", {}), fault["loc"]
    if kind == "value_error":
        return str(context["error"])
    if kind in ("extra_forbidden", "invalid_key"):
        return f"is not a key of this place; allowed are {', '.join(_keys(here[:-1]))}"
    if kind == "model_type":
        return f"must hold keys of its own: {', '.join(_keys(here))}"
    if kind.startswith("int_"):
        return "must be a whole number"
    return _WORDS[kind].format(**context) if kind in _WORDS else fault["msg"]


def _keys(location: Location) -> list[str]:
    """The keys that the section at `location` knows."""
    section: type[Section] = Config
    for part in location:
        if isinstance(part, int):  # which one of a list
            continue
        annotation = section.model_fields[str(part)].annotation
        options = (annotation, *getattr(annotation, "__args__", ()))
        section = next(option for option in options if isinstance(option, type) and issubclass(option, Section))
    return list(section.model_fields)


def _line(node: yaml.Node | None, location: Location) -> int:
    """Where the key of `location` stands; for one that is missing, where its section begins."""
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            key, node = next(((key, value) for key, value in node.value if key.value == str(part)), (None, None))
            line = key.start_mark.line + 1 if key else line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _duplicates(root: yaml.Node | None) -> Iterator[tuple[int, str, int]]:
    """Each key that stands twice in its mapping: its line, itself with dots, the line of the first."""
    waiting: list[tuple[tuple[str, ...], yaml.Node | None]] = [((), root)]
    done: set[int] = set()
    while waiting:
        above, node = waiting.pop()
        if not isinstance(node, yaml.MappingNode) or id(node) in done:  # an alias may lead back to where it stands
            continue
        done.add(id(node))
        first: dict[str, int] = {}
        for key, value in node.value:
            name, line = (*above, str(key.value)), key.start_mark.line + 1
            if key.value in first:
                yield line, ".".join(name), first[key.value]
            first.setdefault(key.value, line)
            waiting.append((name, value))
