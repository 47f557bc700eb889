"""Accounts: each mailbox of the config with what it logs in by, a password or tokens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from bot import grants
from bot.config import Config
from bot.config_file import Secrets
from bot.mail_config import MailboxConfig, ServerConfig
from bot.oauth import RefreshTokens, Tokens, tokens_of
from models import Vault

Credential = str | Tokens
Transact = Callable[[Callable[[Session], Any]], Any]


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox that can be opened; its tokens are the same for both servers."""

    mailbox: MailboxConfig
    imap: Credential = field(repr=False)
    smtp: Credential = field(repr=False)


def accounts(config: Config, secrets: Secrets, store: Callable[[str, str], RefreshTokens] | None = None) -> tuple[Account, ...]:
    """All mailboxes, the main one first. `store` makes the place where a mailbox's refresh token is kept, of its name and the token."""
    make = store or (lambda _, configured: OnlyConfigured(configured))
    return tuple(_account(mailbox, config.mailbox, secrets, make) for mailbox in config.all_mailboxes)


def _account(mailbox: MailboxConfig, main: MailboxConfig, secrets: Secrets, store: Callable[[str, str], RefreshTokens]) -> Account:
    own = secrets.of(mailbox, main)
    tokens = None
    if mailbox.oauth is not None:
        tokens = tokens_of(mailbox.oauth, own.oauth_client_secret, store(mailbox.name, own.oauth_refresh_token))

    def credential(server: ServerConfig, password: str) -> Credential:
        return tokens if tokens is not None and server.login == "oauth" else password

    return Account(mailbox, credential(mailbox.imap, own.imap_password), credential(mailbox.smtp, own.smtp_password))


class OnlyConfigured:
    """Keeps nothing: for a look whether the login works."""

    def __init__(self, configured: str) -> None:
        self._token = configured

    def load(self) -> str:
        """The configured token."""
        return self._token

    def save(self, token: str) -> None:
        """Forgotten with the program."""


class InDatabase:
    """Keeps the refresh token in the database, encrypted. Microsoft's lives 90 days and comes anew with each access token."""

    def __init__(self, transact: Transact, vault: Vault, mailbox: str, configured: str) -> None:
        self._transact, self._vault, self._mailbox, self._configured = transact, vault, mailbox, configured

    def load(self) -> str:
        """The newest. Raises what the database raises."""
        return str(self._transact(lambda session: grants.newest(session, self._vault, self._mailbox, self._configured)))

    def save(self, token: str) -> None:
        """The provider replaced it."""
        self._transact(lambda session: grants.replace(session, self._vault, self._mailbox, self._configured, token))
