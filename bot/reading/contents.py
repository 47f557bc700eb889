"""What a mail holds: its text (plain or from HTML), the text of mails attached to it, and its attachments."""

import re
from dataclasses import dataclass, field

from bot.inquiry import Attachment
from bot.reading.charsets import clean, decode, transfer_decoded
from bot.reading.headers import decode_words, safe_file_name
from bot.reading.html_text import MAX_CHARACTERS, to_text, without_long_tags
from bot.reading.mime import Part, Tree

MAX_TEXT = 1_000_000  # characters of text that are read of one mail
MAX_ENCODED_TEXT = 12_000_000  # bytes of one text part that are decoded: pictures inside HTML come before the words
STUB = 300  # characters; a plain text shorter than this may be a stub beside the real HTML

_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_NAMES = {
    "message/rfc822": "message.eml",
    "message/global": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "message/feedback-report": "feedback-report.txt",
    "message/disposition-notification": "receipt.txt",
    "text/rfc822-headers": "headers.txt",
    "text/calendar": "invitation.ics",
    "text/html": "message.html",
    "text/plain": "text.txt",
}
_ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_READABLE = frozenset({"text/plain", "text/html", "text/markdown", "text/enriched", "text/x-plain"})


@dataclass(slots=True)
class Contents:
    """Gathered while walking the parts; `room` is how many characters of text may still be taken."""

    texts: list[str] = field(default_factory=list)
    forwarded_texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    room: int = MAX_TEXT

    @property
    def text(self) -> str:
        """The mail's own text parts, one after the other."""
        return "\n\n".join(self.texts)

    @property
    def forwarded(self) -> str:
        """The text of the mails attached to it."""
        return "\n\n".join(self.forwarded_texts)


def read_contents(mail: Part, tree: Tree) -> Contents:
    """Everything readable of `mail`; what is in the way of reading is noted in `tree.problems`."""
    reader = _Reader(Contents(), tree, mail)
    reader.read(mail, attached=False)
    return reader.contents


@dataclass(frozen=True, slots=True)
class _Reader:
    contents: Contents
    tree: Tree
    mail: Part

    def read(self, part: Part, *, attached: bool) -> None:
        """`attached`: inside a mail that is itself attached; its text is forwarded text, its files stay inside it."""
        self._note_what_hinders(part, attached=attached)
        if part.media_type == "multipart/alternative" and part.parts:
            self._read_alternatives(part, attached=attached)
        elif part.kind == "multipart" and part.parts:
            for child in part.parts:
                self.read(child, attached=attached)
        elif part.media_type in {"message/rfc822", "message/global"}:
            self._read_attached_mail(part, attached=attached)
        elif self._is_text(part) or (part is self.mail and part.media_type in _READABLE):
            self._take(self._text_of(part), attached=attached)
        elif not attached:
            self._attach(part)

    def _note_what_hinders(self, part: Part, *, attached: bool) -> None:
        if part.media_type == "multipart/encrypted" or part.media_type in _ENCRYPTED:
            readable_kinds = {"signed-data": "opaque signature", "certs-only": "", "compressed-data": "unreadable part"}
            problem = readable_kinds.get(part.parameters.get("smime-type", "").lower(), "encrypted")
        elif part.media_type in _TNEF or part.given_name.lower() == "winmail.dat":
            problem = "winmail.dat"
        else:
            problem = "unreadable part" if part.kind == "multipart" and not part.parts and not attached else ""
        if problem:
            self.tree.note(problem)

    def _is_text(self, part: Part) -> bool:
        if part.kind == "multipart":
            return True  # without its boundary the text stands there as it is
        return part.media_type in _READABLE and part.disposition != "attachment" and not part.given_name

    def _read_alternatives(self, part: Part, *, attached: bool) -> None:
        """The plain text, for it needs no guessing (RFC 2046 section 5.1.4); the HTML where the plain one is empty or a stub."""
        plain = [child for child in part.parts if child.media_type == "text/plain"]
        others = [child for child in part.parts if child.media_type not in {"text/plain", "text/x-amp-html", "text/watch-html"}]
        text = "\n\n".join(self._text_of(child) for child in plain).strip()
        if len(text) < STUB:
            rich = self._text_of_last(others)
            text = rich if _letters(rich) > 4 * _letters(text) else text
        self._take(text, attached=attached)
        for child in others:
            if not attached:
                self._attach_files_of(child)

    def _text_of_last(self, parts: list[Part]) -> str:
        """The text of the last alternative that has any: the richest one comes last."""
        for part in reversed(parts):
            reader = _Reader(Contents(room=self.contents.room), self.tree, self.mail)
            reader.read(part, attached=False)
            if reader.contents.text.strip():
                return reader.contents.text
        return ""

    def _attach_files_of(self, part: Part) -> None:
        """Pictures and files beside an HTML alternative (multipart/related), without its text."""
        for child in part.parts if part.kind == "multipart" else (part,):
            if child.kind == "multipart":
                self._attach_files_of(child)
            elif not self._is_text(child):
                self._note_what_hinders(child, attached=False)
                self._attach(child)

    def _read_attached_mail(self, part: Part, *, attached: bool) -> None:
        if not attached:
            self._attach(part)
        for mail in part.parts:
            lines = [f"{name.title()}: {decode_words(mail.first(name))}" for name in ("from", "date", "subject") if mail.first(name)]
            self._take("\n".join(lines), attached=True)
            self.read(mail, attached=True)

    def _text_of(self, part: Part) -> str:
        encoded = part.encoded
        if len(encoded) > MAX_ENCODED_TEXT:
            self.tree.note("too large")
        data = transfer_decoded(encoded[:MAX_ENCODED_TEXT], part.first("content-transfer-encoding").partition(";")[0])
        charset = part.parameters.get("charset", "")
        if part.media_type == "text/html" and not charset and (meta := _META_CHARSET.search(data[:4_096])):
            charset = meta[1].decode("ascii", "ignore")
        text, guessed = decode(data, charset)
        if guessed:
            self.tree.note("charset guessed")
        text = clean(text)
        return self._text_of_html(text) if part.media_type == "text/html" else text.strip("\n")

    def _text_of_html(self, html: str) -> str:
        html = without_long_tags(html)
        if len(html) > MAX_CHARACTERS:
            self.tree.note("too large")
        return clean(to_text(html))

    def _take(self, text: str, *, attached: bool) -> None:
        if len(text) > self.contents.room:
            self.tree.note("too large")
            text = text[: self.contents.room]
        self.contents.room -= len(text)
        if "-----BEGIN PGP MESSAGE-----" in text:
            self.tree.note("encrypted")
        if text.strip():
            (self.contents.forwarded_texts if attached else self.contents.texts).append(text)

    def _attach(self, part: Part) -> None:
        name = part.given_name or self._name_of_mail(part) or _NAMES.get(part.media_type, "attachment")
        taken = {attachment.name for attachment in self.contents.attachments}
        stem, dot, ending = name.rpartition(".")
        number = 2
        unique = name
        while unique in taken:
            unique = f"{stem} ({number}).{ending}" if dot and stem else f"{name} ({number})"
            number += 1
        content = part.encoded if part.media_type in {"message/rfc822", "message/global"} and part.parts else part.content
        self.contents.attachments.append(Attachment(unique, part.media_type, content))

    def _name_of_mail(self, part: Part) -> str:
        subject = decode_words(part.parts[0].first("subject")) if part.media_type == "message/rfc822" and part.parts else ""
        name = safe_file_name(subject.replace("/", " ").replace("\\", " ")[:80], "")
        return f"{name}.eml" if name else ""


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
