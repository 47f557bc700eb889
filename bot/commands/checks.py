"""Checks: tries config, database, mailbox, SMTP, Slack and the model, one line each; changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from smtplib import SMTPAuthenticationError, SMTPException
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.accounts import Account, accounts
from bot.config import Config
from bot.config_file import ConfigError, Secrets
from bot.mail_config import MailboxConfig, ServerConfig
from bot.mailbox import MailboxError, probe
from bot.oauth import TokenError
from bot.policy_files import read_policy
from bot.slack.connection import web_client
from bot.slack.courier import NETWORK
from bot.slack_config import CircleConfig, SlackConfig
from bot.smtp import connect, failure
from bot.webhook_config import ReceiverConfig
from bot.webhook_courier import reach
from intents.classifier import Classifier, ModelError
from models import Vault, VaultError, open_engine
from models.schema import SchemaError, verify


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried."""

    name: str
    ok: bool
    words: str


class _Amiss(RuntimeError):
    """What is wrong, in words for the line."""


def run_checks(config: Config, secrets: Secrets) -> Iterator[Check]:
    """Each check as it is done."""
    if config.policy.files:
        yield _check("policy", lambda: _policy(config))
    yield _check("database", lambda: _database(config, secrets))
    for number, account in enumerate(accounts(config, secrets)):
        suffix = f" {account.mailbox.name}" if number else ""
        yield _check(f"imap{suffix}", partial(probe, account.mailbox.imap, account.imap))
        yield _check(f"smtp{suffix}", partial(_smtp, account))
        yield Check(f"senders{suffix}", True, _senders(account.mailbox, has_slack=config.slack is not None))
    if config.slack is None:
        unheard = "" if config.escalation.managers else "; nobody hears of alarms and reminders: name somebody in escalation.managers"
        yield Check("slack", True, f"no slack: section; the bot runs mail-only{unheard}")
    else:
        slack = config.slack
        yield _check("slack", lambda: _slack(slack, secrets))
    for name, receiver in config.receivers.items():
        yield _check(f"webhook {name}", partial(_webhook, receiver))
    yield _check("model", lambda: Classifier.load(config.model).model)


def _check(name: str, attempt: Callable[[], str]) -> Check:
    try:
        return Check(name, True, attempt())
    except (ConfigError, SchemaError, MailboxError, ModelError, VaultError, _Amiss) as error:
        return Check(name, False, str(error))
    except NETWORK as error:
        return Check(name, False, f"no connection ({type(error).__name__})")


def _policy(config: Config) -> str:
    """The running bot would not start with a file that can't be read."""
    return f"files: {len(config.policy.files)}, passages: {len(read_policy(config.policy.files))}"


def _database(config: Config, secrets: Secrets) -> str:
    engine = open_engine(secrets.database_url or config.database, Vault(secrets.key))
    try:
        return verify(engine)
    finally:
        engine.dispose()


def _smtp(account: Account) -> str:
    server_config = account.mailbox.smtp
    try:
        with connect(server_config, account.smtp) as server:
            server.ehlo_or_helo_if_needed()
    except TokenError as error:
        raise _Amiss(str(error)) from None
    except SMTPAuthenticationError as error:
        what = "user or password" if isinstance(account.smtp, str) else "the access token"
        raise _Amiss(f"the server refused {what} ({failure(error)})") from None
    except SMTPException as error:
        raise _Amiss(f"the server at {_place(server_config)} refused ({failure(error)})") from None
    except (OSError, ValueError) as error:
        raise _Amiss(f"no server at {_place(server_config)} ({type(error).__name__})") from None
    return "logged in" if server_config.user else "connected, no login"


def _place(server: ServerConfig) -> str:
    return f"{server.host}:{server.port}"


def _slack(config: SlackConfig, secrets: Secrets) -> str:
    client = web_client(config.api_url, secrets.slack_bot_token)
    with _telling("the bot token"):
        team = client.auth_test()["team"]
    for key, channel in (("desk_channel", config.desk_channel), ("intake_channel", config.intake_channel)):
        if channel:
            with _telling(f"{key} {channel}"):
                _must_be_member(client, channel)
    for key, circle in {"who_may": config.who_may, **{f"only.{verb}": circle for verb, circle in config.only.circles.items()}}.items():
        _must_be_known(client, key, circle)
    if config.mode == "http":
        return f"workspace {team}, channels found; requests are awaited at {config.http.host}:{config.http.port}{config.http.path}"
    with _telling("the app token"):
        client.apps_connections_open(app_token=secrets.slack_app_token)
    return f"workspace {team}, channels found, Socket Mode allowed"


def _webhook(receiver: ReceiverConfig) -> str:
    try:
        return f"{reach(receiver)} answers; no event was sent"
    except (OSError, ValueError) as error:
        raise _Amiss(f"nobody can be reached at {urlsplit(receiver.url).netloc} ({type(error).__name__})") from None


def _must_be_known(client: WebClient, key: str, circle: CircleConfig | None) -> None:
    for group in circle.groups if circle else ():
        with _telling(f"{key}.groups {group}"):
            client.usergroups_users_list(usergroup=group)


def _senders(mailbox: MailboxConfig, *, has_slack: bool) -> str:
    """Whose word on senders is believed; and that somebody must be there to release what is held for it."""
    if not mailbox.authserv_id:
        return "authserv_id is not set: forged senders are not told apart (privacybot parse MAIL shows your server's id)"
    nobody_there = not has_slack and mailbox.unauthenticated == "hold_letters"
    hint = "; letters to doubted ones wait for a button in Slack, which you don't use" if nobody_there else ""
    return f"checked by {', '.join(mailbox.authserv_id)}{hint}"


@contextmanager
def _telling(what: str) -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        raise _Amiss(f"Slack says {error.response.get('error')} to {what}") from None


def _must_be_member(client: WebClient, channel: str) -> None:
    if not client.conversations_info(channel=channel)["channel"].get("is_member"):
        raise _Amiss(f"the bot is no member of channel {channel}; type /invite there")
