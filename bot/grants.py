"""Grants: the refresh token that a provider gave last, kept encrypted between two runs of the program."""

from sqlalchemy.orm import Session

from models import RefreshToken, Vault


def newest(session: Session, vault: Vault, mailbox: str, configured: str) -> str:
    """The token to ask with: the configured one, or what the provider gave instead of it."""
    kept = session.get(RefreshToken, mailbox)
    return kept.token if kept is not None and kept.origin_hash == vault.digest(configured) else configured


def replace(session: Session, vault: Vault, mailbox: str, configured: str, token: str) -> None:
    """The provider gave a new one."""
    session.merge(RefreshToken(mailbox=mailbox, origin_hash=vault.digest(configured), token=token))
