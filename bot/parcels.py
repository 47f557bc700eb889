"""Parcels: the files of a letter, packed on request as an AES-256 zip that opens with a passphrase told another way."""

import io
import re
import secrets
from collections.abc import Sequence

import pyzipper

from bot.inquiry import Attachment

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else on paper or on the phone
_GROUPS, _GROUP = 5, 4  # 20 of 31 characters: 99 bits
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def new_passphrase() -> str:
    """`k7mp-...`: five groups of four characters."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def sealed(reference: str, files: Sequence[Attachment], passphrase: str) -> Attachment:
    """The files in one zip, encrypted with AES-256 (WinZip's AE-2, which 7-Zip, WinZip, Keka and others open).

    A zip's directory is in clear: so the files go by the reference and a number there, and keep only their endings.
    """
    packed = io.BytesIO()
    with pyzipper.AESZipFile(packed, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as parcel:
        parcel.setpassword(passphrase.encode())
        parcel.setencryption(pyzipper.WZ_AES, nbits=256)
        for number, file in enumerate(files, 1):
            parcel.writestr(f"{reference}-{number}{_ending(file.name)}", file.content)
    return Attachment(f"{reference}.zip", "application/zip", packed.getvalue())


def _ending(name: str) -> str:
    found = _ENDING.search(name)
    return found[0].lower() if found else ""
