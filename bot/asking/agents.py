"""Agents: services, lawyers, parents and heirs who ask for somebody else, and whether an authority came along."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from bot.asking.house import lies_in
from bot.asking.words import phrases, says
from bot.inquiry import Behalf, Inquiry

_LOOKED_AT = 30_000  # characters of a letter
_NEAR = 25  # characters, some three words


@dataclass(frozen=True, slots=True)
class Service:
    """A row of agents.yaml."""

    name: str
    kind: str
    domains: frozenset[str]
    signs: tuple[str, ...] = ()

    @property
    def asks_for_others(self) -> bool:
        """Not so a tool by whose help people write themselves."""
        return self.kind != "tool"


def behalf(inquiry: Inquiry) -> Behalf | None:
    """For whom else it is asked, by the sending domain and the words; None where a person asks for themselves."""
    service = service_of(inquiry)
    if service is not None and not service.asks_for_others:
        return None
    if service is None and not _says_so(inquiry.text[:_LOOKED_AT]):
        return None
    return Behalf(service.name if service else "", has_authority(inquiry), bool(inquiry.attachments))


def service_of(inquiry: Inquiry) -> Service | None:
    """The service that sent it, else the one whose traces the text carries."""
    domain, text = inquiry.requester.domain, inquiry.body[:_LOOKED_AT].casefold()
    sent = (service for service in services() if lies_in(domain, service.domains))
    traced = (service for service in services() if any(sign in text for sign in service.signs))
    return next(sent, None) or next(traced, None)


def has_authority(inquiry: Inquiry) -> bool:
    """A file looks like an authority, or the text says that one is there."""
    names = (file.name.replace("_", " ").replace("-", " ") for file in inquiry.attachments)
    return any(says("authority_files", name) for name in names) or says("authority_said", inquiry.text[:_LOOKED_AT])


def caution(behalf: Behalf) -> str:
    """What the card says of it."""
    who = f"agent: {behalf.service}" if behalf.service else "sent on behalf of somebody"
    if not behalf.authority:
        return f"{who}; no authority found"
    return f"{who}; {'authority attached' if behalf.has_file else 'an authority is spoken of, no file came'}"


@cache
def services() -> tuple[Service, ...]:
    """The table of agents.yaml."""
    rows = yaml.safe_load(files("bot.asking").joinpath("agents.yaml").read_text("utf-8"))["services"]
    return tuple(Service(row["name"], row["kind"], frozenset(row["domains"]), tuple(row.get("signs", ()))) for row in rows)


def _says_so(text: str) -> bool:
    text = _without_exceptions(text)
    near = (text[max(kin.start() - _NEAR, 0) : kin.end() + _NEAR] for kin in phrases("kin").finditer(text))
    return says("on_behalf", text) or any(says("belongings", words) for words in near)


def _without_exceptions(text: str) -> str:
    return phrases("not_on_behalf").sub(" ", text.casefold().replace("’", "'"))
