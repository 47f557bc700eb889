"""Checks: tries config, database, mailbox, SMTP, Slack and the model, one line each; changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from smtplib import SMTPException

from slack_sdk.errors import SlackApiError

from bot.config import Config
from bot.config_file import Secrets
from bot.mailbox import MailboxError, probe
from bot.slack.connection import web_client
from bot.slack.courier import NETWORK
from bot.smtp import connect, failure
from intents.classifier import Classifier, ModelError
from models import Vault, VaultError, open_engine
from models.schema import SchemaError, verify


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried."""

    name: str
    ok: bool
    words: str


def run_checks(config: Config, secrets: Secrets) -> Iterator[Check]:
    """Each check as it is done."""
    yield _check("database", lambda: _database(config, secrets))
    yield _check("imap", lambda: probe(config.mailbox.imap, secrets.imap_password))
    yield _check("smtp", lambda: _smtp(config, secrets))
    if config.slack is None:
        yield Check("slack", True, "no slack: section; the bot runs mail-only")
    else:
        yield _check("slack", lambda: _slack(config, secrets))
    yield _check("model", lambda: Classifier.load(config.model).model)


def _check(name: str, attempt: Callable[[], str]) -> Check:
    try:
        return Check(name, True, attempt())
    except (SchemaError, MailboxError, ModelError, VaultError) as error:
        return Check(name, False, str(error))
    except SlackApiError as error:
        return Check(name, False, f"Slack says {error.response.get('error')}")
    except SMTPException as error:
        return Check(name, False, f"the server refused ({failure(error)})")
    except NETWORK as error:
        return Check(name, False, f"no connection ({type(error).__name__})")


def _database(config: Config, secrets: Secrets) -> str:
    engine = open_engine(secrets.database_url or config.database, Vault(secrets.key))
    try:
        return verify(engine)
    finally:
        engine.dispose()


def _smtp(config: Config, secrets: Secrets) -> str:
    server = connect(config.mailbox.smtp, secrets.smtp_password)
    try:
        server.ehlo_or_helo_if_needed()
    finally:
        server.quit()
    return "logged in" if config.mailbox.smtp.user else "connected, no login"


def _slack(config: Config, secrets: Secrets) -> str:
    assert config.slack is not None
    client = web_client(config.slack.api_url, secrets.slack_bot_token)
    team = client.auth_test()["team"]
    for channel in filter(None, (config.slack.desk_channel, config.slack.intake_channel)):
        client.conversations_info(channel=channel)
    client.apps_connections_open(app_token=secrets.slack_app_token)
    return f"workspace {team}, channels found, Socket Mode allowed"
