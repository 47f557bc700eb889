"""Webhooks' part of config.yaml: who hears of suppressed addresses, and who of tickets."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from bot.mail_config import CertificateFile
from bot.notation import MailboxName, Section, Window, duration, is_loopback

SUPPRESSION = "suppression"
"""What the webhook of the suppression list is called, among the others."""

EventName = Literal["opened", "changed", "due_soon", "closed"]
EVENTS: tuple[EventName, ...] = ("opened", "changed", "due_soon", "closed")


def webhook_address(value: Any) -> str:
    """`https://example.org/hook`; http only on this machine; no user or password in it. Raises ValueError, which never holds the value."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and value.isprintable() and " " not in value else None
        usable = parts is not None and parts.hostname and parts.port != 0
    except ValueError:  # urlsplit's way to say that the port is no number
        parts, usable = None, False
    if parts is None or not usable or parts.fragment:
        raise ValueError("write the address as https://example.org/hook (http:// for this machine only)")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no user or password: requests are signed with PRIVACYBOT_WEBHOOK_SECRET instead")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise ValueError("must begin with https:// (http:// for this machine only)")
    return str(value)


def answer_time(value: Any) -> timedelta:
    """`1s` to `1m`: far less than the five minutes after which a claim counts as lost. Raises ValueError with what is allowed."""
    if not timedelta(seconds=1) <= (length := duration(value)) <= timedelta(minutes=1):
        raise ValueError("write a duration from 1s to 1m")
    return length


class ReceiverConfig(Section):
    """Where events go. `refused_for`: how long one that the receiver refuses (HTTP 4xx) is tried before a colleague hears of it.

    What merely does not answer is tried until it does.
    """

    url: Annotated[str, BeforeValidator(webhook_address)]
    timeout: Annotated[timedelta, BeforeValidator(answer_time)] = timedelta(seconds=10)
    refused_for: Window = timedelta(days=7)
    ca_file: CertificateFile | None = None


class WebhookConfig(ReceiverConfig):
    """Who hears of tickets; with `personal_data` also the requester's address and the subject."""

    name: MailboxName
    events: Annotated[tuple[EventName, ...], Field(min_length=1)] = EVENTS
    personal_data: bool = False


class SuppressionConfig(Section):
    """Who is told at once that an address must get no marketing any more; the newsletter tool, that is."""

    webhook: ReceiverConfig | None = None


def _each_by_itself(webhooks: tuple[WebhookConfig, ...]) -> tuple[WebhookConfig, ...]:
    names = [webhook.name for webhook in webhooks]
    if len(set(names)) < len(names) or SUPPRESSION in names:
        raise ValueError(f"each needs a name of its own, other than {SUPPRESSION}")
    return webhooks


Webhooks = Annotated[tuple[WebhookConfig, ...], Field(max_length=20), AfterValidator(_each_by_itself)]
