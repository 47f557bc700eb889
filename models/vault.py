"""Vault: encrypts what identifies people, and finds it again by a keyed hash; one secret key, derived per purpose."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"
_SHORTEST = len(_FORMAT) + _NONCE_BYTES + 16
"""Bytes of an empty text: format, nonce, GCM's tag."""


class VaultError(ValueError):
    """A key that is none, or data that this key can't open; the message never holds either."""


class Vault:
    """AES-256-GCM for storage (NIST SP 800-38D), HMAC-SHA-256 for look-ups and tokens; keys derived by HKDF (RFC 5869)."""

    def __init__(self, key: str) -> None:
        """`key`: 32 random bytes in base64. Raises VaultError for anything else."""
        secret = _decoded(key)
        self._cipher = AESGCM(_derive(secret, b"columns"))
        self._lookup = _derive(secret, b"lookup")
        self._tokens = _derive(secret, b"tokens")
        self._seals = _derive(secret, b"journal")

    @staticmethod
    def new_key() -> str:
        """A fresh random key in the notation that `Vault` takes."""
        return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()

    def encrypt(self, plain: bytes, purpose: str) -> bytes:
        """Encrypted bytes that open only for the same `purpose` (a column's name), so that none can be moved to another column."""
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, plain, purpose.encode())

    def decrypt(self, sealed: bytes, purpose: str) -> bytes:
        """The plain bytes. Raises VaultError when the key or the purpose is another one, or the data was altered."""
        if sealed[:1] != _FORMAT or len(sealed) < _SHORTEST:
            raise VaultError(f"{purpose}: not encrypted by this program")
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, purpose.encode())
        except InvalidTag:
            raise VaultError(f"{purpose}: encrypted with another key, or altered") from None

    def digest(self, text: str) -> str:
        """Keyed hash (64 hex digits) by which an address or id is found, however it is spelt; not guessable without the key.

        Spaces around it, letter case and the Unicode form (RFC 6532 3.1 asks for NFC) make no difference.
        """
        normal = unicodedata.normalize("NFC", text.strip().lower())
        return hmac.new(self._lookup, normal.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def token(self, text: str) -> str:
        """A short unguessable mark for `text` (16 hex digits), put into our Message-IDs and loop headers."""
        return hmac.new(self._tokens, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]

    def seal(self, text: str) -> str:
        """Keyed hash (64 hex digits) that proves we wrote exactly `text`: who has the database without the key can't make one."""
        return hmac.digest(self._seals, text.encode(), "sha256").hex()

    def token_is_ours(self, text: str, token: str) -> bool:
        """True when `token` was made by `token(text)` with this key; compared in constant time."""
        return hmac.compare_digest(self.token(text).encode(), token.encode("utf-8", "surrogatepass"))


def _decoded(key: str) -> bytes:
    try:
        secret = base64.b64decode(key.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise VaultError("the key must be 32 random bytes in base64 (make one with: privacybot init --new-key)")
    return secret


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"privacybot/" + purpose).derive(secret)
