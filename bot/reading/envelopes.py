"""Parts that hide the letter: S/MIME, PGP, winmail.dat, split and external messages; opened where that is safe, else named as a problem."""

from dataclasses import dataclass, field

from bot.reading.client_words import PLACEHOLDERS
from bot.reading.cms import kind_of, signed_letter
from bot.reading.mime import Part
from bot.reading.text_formats import EncodedFile
from bot.reading.tnef import read_winmail

_PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SMIME_TYPES = {"signed-data": "signed", "enveloped-data": "encrypted", "authenveloped-data": "encrypted", "compressed-data": "compressed"}


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found inside: an entity of its own (`letter`), or text and files; or what is in the way."""

    problem: str = ""
    letter: bytes = field(default=b"", repr=False)
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    files: tuple[EncodedFile, ...] = field(default=(), repr=False)


def hindrance(part: Part) -> str:
    """What hinders reading a part that is no envelope to be opened, or an empty string."""
    if part.media_type in {"multipart/encrypted", "application/pgp-encrypted"}:
        return "encrypted"
    return {"message/partial": "partial message", "message/external-body": "external content"}.get(part.media_type, "")


def is_envelope(part: Part) -> bool:
    """An S/MIME or TNEF part, by its type or, where that is a general one, by its name."""
    if part.media_type in _PKCS7 or part.media_type in _TNEF:
        return True
    return part.media_type == "application/octet-stream" and part.given_name.lower() in {"winmail.dat", "win.dat", "smime.p7m"}


def opened(part: Part) -> Opened:
    """The letter in an envelope; `problem` where it can't be had."""
    if part.media_type in _TNEF or part.given_name.lower() in {"winmail.dat", "win.dat"}:
        found = read_winmail(part.content)
        return Opened(text=found.text, html=found.html, files=tuple(found.files)) if found else Opened("winmail.dat")
    if part.parameters.get("smime-type", "").lower() == "certs-only":
        return Opened()
    content = part.content
    kind = kind_of(content) or _SMIME_TYPES.get(part.parameters.get("smime-type", "").lower(), "encrypted")
    if kind == "signed":
        letter = signed_letter(content)
        return Opened(letter=letter) if letter else Opened("opaque signature")
    return Opened("unreadable part" if kind == "compressed" else kind)


def hindrance_in_text(text: str) -> str:
    """What stands instead of the letter in its own text: an encrypted block, or a server's word that it did not deliver."""
    if text.lstrip().startswith("-----BEGIN PGP MESSAGE-----") or "\n-----BEGIN PGP MESSAGE-----" in text:
        return "encrypted"
    start = " ".join(text[:400].split()).casefold().replace("’", "'").lstrip("[(<*\"'- ")
    return "server placeholder" if len(text) < 3_000 and start.startswith(PLACEHOLDERS) else ""
