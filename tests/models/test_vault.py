"""The vault: what is sealed opens only unaltered, for its purpose and with its key; look-ups don't depend on spelling."""

import base64

import pytest

from models import Vault, VaultError

TEXT = b"jo@home.example wants to know"


@pytest.fixture
def vault() -> Vault:
    return Vault(Vault.new_key())


def assert_shut(vault: Vault, sealed: bytes, purpose: str = "tickets.subject") -> None:
    """It does not open, and the refusal names the column but nothing of the content."""
    with pytest.raises(VaultError, match=rf"^{purpose}: ") as refusal:
        vault.decrypt(sealed, purpose)
    assert "jo@" not in str(refusal.value)


def test_what_was_sealed_opens(vault: Vault) -> None:
    for plain in (TEXT, b"", bytes(100_000)):
        assert vault.decrypt(vault.encrypt(plain, "tickets.subject"), "tickets.subject") == plain


def test_the_same_text_is_sealed_differently_each_time(vault: Vault) -> None:
    first, second = (vault.encrypt(TEXT, "tickets.subject") for _ in range(2))
    assert first != second
    assert TEXT[:6] not in first


def test_one_altered_bit_anywhere_keeps_it_shut(vault: Vault) -> None:
    sealed = vault.encrypt(TEXT, "tickets.subject")
    for place in range(len(sealed)):
        assert_shut(vault, sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])


def test_what_was_cut_off_stays_shut(vault: Vault) -> None:
    sealed = vault.encrypt(TEXT, "tickets.subject")
    for length in range(len(sealed)):
        assert_shut(vault, sealed[:length])


def test_it_can_not_be_moved_to_another_column(vault: Vault) -> None:
    assert_shut(vault, vault.encrypt(TEXT, "tickets.requester"), "tickets.subject")


def test_another_key_does_not_open_it(vault: Vault) -> None:
    assert_shut(Vault(Vault.new_key()), vault.encrypt(TEXT, "tickets.subject"))


@pytest.mark.parametrize(
    "key", ["", "hunter2", base64.b64encode(b"x" * 31).decode(), base64.b64encode(b"x" * 33).decode(), "ü" * 44, "=" * 44]
)
def test_a_key_that_is_none_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(VaultError, match="32 random bytes in base64") as refusal:
        Vault(key)
    assert not key or key not in str(refusal.value)


def test_a_key_may_have_a_line_end() -> None:
    key = Vault.new_key()
    assert Vault(key + "\n").decrypt(Vault(key).encrypt(TEXT, "x"), "x") == TEXT


def test_a_repr_shows_no_key() -> None:
    key = Vault.new_key()
    assert key not in repr(Vault(key))


def test_an_address_is_found_however_it_is_spelt(vault: Vault) -> None:
    one = vault.digest("müller@home.example")
    assert {vault.digest(text) for text in (" Müller@HOME.example\n", "mu\u0308ller@home.example", "MU\u0308LLER@home.example")} == {one}
    assert vault.digest("mueller@home.example") != one
    assert len(one) == 64


def test_a_digest_can_not_be_guessed_without_the_key(vault: Vault) -> None:
    assert vault.digest("jo@home.example") != Vault(Vault.new_key()).digest("jo@home.example")


def test_a_token_is_known_again_and_no_other(vault: Vault) -> None:
    token = vault.token("prv-2026-00001.acknowledgement")
    assert vault.token_is_ours("prv-2026-00001.acknowledgement", token)
    assert not vault.token_is_ours("prv-2026-00002.acknowledgement", token)
    assert not any(
        vault.token_is_ours("prv-2026-00001.acknowledgement", other) for other in ("", token[:-1], token.upper() + "ü", "\udcff")
    )


def test_text_from_broken_mails_can_be_looked_up_too(vault: Vault) -> None:
    assert vault.digest("\udcff@home.example") != vault.digest("\udcfe@home.example")
