"""Reads config.yaml and the secrets; every error names the key, its line and what is allowed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config import Config

PREFIX = "PRIVACYBOT_"


class ConfigError(ValueError):
    """The configuration can't be used; one line per fault. Commands answer it with exit code 2."""


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: `no` is a country, `08:30` a time, `2026-01-31` a text that pydantic reads."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must not stand in a file that people share; `repr` shows none of it."""

    key: str = field(repr=False)
    imap_password: str = field(default="", repr=False)
    smtp_password: str = field(default="", repr=False)
    slack_bot_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)


def read_config(path: Path) -> Config:
    """The validated config. Raises ConfigError naming file, key, line and what is allowed."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: can't be read ({error.strerror}); make one with: privacybot init") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text") from None
    try:
        root = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader with fewer types)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}{_yaml_place(error)}: is not valid YAML ({_yaml_problem(error)})") from None
    if not isinstance(data, dict) or root is None:
        raise ConfigError(f"{path}: must hold keys such as organisation: and mailbox:")
    return _validated(path, data, root)


def read_secrets(config: Config, environ: Mapping[str, str]) -> Secrets:
    """The secrets this config needs, each from PRIVACYBOT_NAME or the file in PRIVACYBOT_NAME_FILE.

    Raises ConfigError naming the missing ones.
    """
    needed = {"key": True, "imap_password": bool(config.mailbox.imap.user), "smtp_password": bool(config.mailbox.smtp.user)}
    needed |= {"slack_bot_token": config.slack is not None, "slack_app_token": config.slack is not None, "database_url": False}
    values = {name: _secret(name, environ) for name in needed}
    missing = [PREFIX + name.upper() for name, must in needed.items() if must and not values[name]]
    if missing:
        raise ConfigError("\n".join(f"{name}: is not set in the environment (nor {name}_FILE, a file that holds it)" for name in missing))
    return Secrets(**values)


def _secret(name: str, environ: Mapping[str, str]) -> str:
    variable = PREFIX + name.upper()
    if value := environ.get(variable, ""):
        return value
    if not (file := environ.get(variable + "_FILE", "")):
        return ""
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{variable}_FILE: the file it names can't be read") from None


def _validated(path: Path, data: dict[str, Any], root: yaml.Node) -> Config:
    duplicates = list(_duplicate_keys(root, ()))
    if duplicates:
        raise ConfigError("\n".join(f"{path}, line {line}: {key}: stands twice" for key, line in duplicates))
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(path, root, fault) for fault in error.errors())) from None


def _explain(path: Path, root: yaml.Node, fault: ErrorDetails) -> str:
    key = ".".join(str(part) for part in fault["loc"]) or "the file"
    return f"{path}, line {_line(root, fault['loc'])}: {key}: {_allowed(fault)}"


def _allowed(fault: ErrorDetails) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    words = {
        "extra_forbidden": f"is not a key of this place; allowed are {', '.join(_siblings(fault['loc']))}",
        "missing": "is missing",
        "int_parsing": "must be a whole number",
        "int_type": "must be a whole number",
        "bool_type": "must be true or false",
        "bool_parsing": "must be true or false",
        "string_type": "must be a text",
        "string_too_short": "must not be empty",
        "literal_error": f"must be one of {context.get('expected')}",
        "string_pattern_mismatch": f"must be {_description(fault['loc'])}",
        "model_type": "must hold keys of its own",
        "tuple_type": "must be a list",
        "date_from_datetime_parsing": "must be a date such as 2026-12-24",
    }
    if kind == "value_error":
        return str(context["error"])
    return words.get(kind) or fault["msg"].replace("Input should", "must")


def _model_at(location: tuple[int | str, ...]) -> type[Any] | None:
    model: Any = Config
    for part in location:
        info = getattr(model, "model_fields", {}).get(part)
        if info is None:
            return None
        options = [info.annotation, *getattr(info.annotation, "__args__", ())]
        model = next((option for option in options if hasattr(option, "model_fields")), None)
    return model if isinstance(model, type) else None


def _siblings(location: tuple[int | str, ...]) -> list[str]:
    model = _model_at(location[:-1])
    return list(getattr(model, "model_fields", {}))


def _description(location: tuple[int | str, ...]) -> str:
    while location and isinstance(location[-1], int):
        location = location[:-1]
    model = _model_at(location[:-1])
    info = getattr(model, "model_fields", {}).get(location[-1]) if location else None
    if info is None:
        return "written in another way"
    return str(
        info.description or next((m.description for m in info.metadata if getattr(m, "description", None)), "written in another way")
    )


def _line(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                break
            node = pair[1] if isinstance(pair[1], yaml.MappingNode | yaml.SequenceNode) else pair[0]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
    return int(node.start_mark.line) + 1


def _duplicate_keys(node: yaml.Node, above: tuple[str, ...]) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = (*above, str(key.value))
        if key.value in seen:
            yield ".".join(name), key.start_mark.line + 1
        seen.add(key.value)
        yield from _duplicate_keys(value, name)


def _yaml_place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}" if mark else ""


def _yaml_problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or "unreadable")
