"""What a mail holds: its text (plain or from HTML), the text of mails attached to it, and its attachments."""

from dataclasses import dataclass, field

from bot.inquiry import Attachment
from bot.reading.envelopes import hindrance, hindrance_in_text, is_envelope, opened
from bot.reading.headers import decode_words, safe_file_name
from bot.reading.html_marks import marks_quotes
from bot.reading.marks import CHARACTER_OF, Mark
from bot.reading.mime import MAILS, Part, Tree
from bot.reading.part_text import READABLE, raw_text, text_of, text_of_html
from bot.reading.text_formats import EncodedFile
from bot.reading.visible_text import separate

MAX_TEXT = 1_000_000  # characters of text that are read of one mail
MAX_OPENED = 8  # envelopes in one mail
STUB = 300  # characters; a plain text shorter than this may be a stub beside the real HTML

_NAMES = {
    "message/rfc822": "message.eml",
    "message/global": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "message/feedback-report": "feedback-report.txt",
    "message/disposition-notification": "receipt.txt",
    "message/partial": "part-of-a-message.eml",
    "message/external-body": "external.txt",
    "text/rfc822-headers": "headers.txt",
    "text/calendar": "invitation.ics",
    "text/html": "message.html",
    "text/plain": "text.txt",
}


@dataclass(slots=True)
class Contents:
    """Gathered while walking the parts; `room` is how many characters of text may still be taken."""

    texts: list[str] = field(default_factory=list)
    forwarded_texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    room: int = MAX_TEXT
    spare: list[Part] = field(default_factory=list)
    """Texts among the attachments."""
    names: dict[str, int] = field(default_factory=dict)
    """File names that are taken, and how often."""
    opened: int = 0

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
    reader.read_spare()
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
        elif part.media_type in MAILS:
            self._read_attached_mail(part, attached=attached)
        elif is_envelope(part):
            self._read_envelope(part, attached=attached)
        elif part.media_type == "message/partial":
            self._read_inner(part.content, attached=attached)
        elif self._is_text(part) or (part is self.mail and part.media_type in READABLE):
            self._take_text_of(part, attached=attached)
        elif not attached:
            self._attach(part)

    def read_spare(self) -> None:
        """A mail without any text of its own may have it in an invitation or in a text that came as a file."""
        if not self.contents.texts and not self.contents.forwarded_texts and self.contents.spare:
            self._take(text_of(self.contents.spare[0], self.tree)[0], attached=False)

    def _note_what_hinders(self, part: Part, *, attached: bool) -> None:
        unreadable = "unreadable part" if part.kind == "multipart" and not part.parts and not attached else ""
        if problem := hindrance(part) or unreadable:
            self.tree.note(problem)

    def _is_text(self, part: Part) -> bool:
        if part.kind == "multipart":
            return True  # without its boundary the text stands there as it is
        return part.media_type in READABLE and part.disposition != "attachment" and not part.given_name

    def _take_text_of(self, part: Part, *, attached: bool) -> None:
        text, files = text_of(part, self.tree)
        self._take(text, attached=attached)
        for file in files if not attached else ():
            self._add_file(file, "application/octet-stream")

    def _read_alternatives(self, part: Part, *, attached: bool) -> None:
        """The plain text, for it needs no guessing (RFC 2046 section 5.1.4); the HTML where the plain one is empty or a stub,
        or where only the HTML tells which words are quoted."""
        plain = [child for child in part.parts if child.media_type == "text/plain"]
        others = [child for child in part.parts if child.media_type not in {"text/plain", "text/x-amp-html", "text/watch-html"}]
        texts = [text_of(child, self.tree) for child in plain]
        text = "\n\n".join(text for text, _ in texts).strip()
        if len(text) < STUB or self._only_html_tells_quotes(text, others):
            rich = self._text_of_last(others)
            if _letters(rich) > 4 * _letters(text) or (text and _tells_quotes(rich)):
                text = rich
        self._take(text, attached=attached)
        if not attached:
            for file in (file for _, files in texts for file in files):
                self._add_file(file, "application/octet-stream")
            for child in others:
                self._attach_files_of(child)

    def _only_html_tells_quotes(self, text: str, others: list[Part]) -> bool:
        pages = [child for part in others for child in (part, *part.parts) if child.media_type == "text/html"]
        return bool(pages) and not separate(text).quoted and marks_quotes(raw_text(pages[0], self.tree))

    def _text_of_last(self, parts: list[Part]) -> str:
        """The text of the last alternative that has any: the richest one comes last."""
        for part in reversed(parts):
            reader = _Reader(Contents(room=self.contents.room), self.tree, self.mail)
            if part.media_type != "text/calendar":
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

    def _read_envelope(self, part: Part, *, attached: bool) -> None:
        """The envelope stays an attachment, for its signature is proof; what lies in it is read as if it lay open."""
        inside = opened(part)
        if inside.problem:
            self.tree.note(inside.problem)
        if not attached and not inside.files:
            self._attach(part)
        if inside.letter:
            self._read_inner(inside.letter, attached=attached)
        for file in inside.files if not attached else ():
            self._add_file(file, "application/octet-stream")
        if not self.contents.texts or attached:  # else the mail's own text part says the same
            self._take(inside.text or text_of_html(inside.html, self.tree), attached=attached)

    def _read_inner(self, content: bytes, *, attached: bool) -> None:
        if len(content) > self.tree.room:
            self.tree.note("too large")
            return
        self.tree.room -= len(content)
        self.contents.opened += 1
        if self.contents.opened <= MAX_OPENED:
            self.read(self.tree.inner(content, 1), attached=attached)

    def _take(self, text: str, *, attached: bool) -> None:
        if len(text) > self.contents.room:
            self.tree.note("too large")
            text = text[: self.contents.room]
        self.contents.room -= len(text)
        if problem := hindrance_in_text(text):
            self.tree.note(problem)
        if text.strip():
            (self.contents.forwarded_texts if attached else self.contents.texts).append(text)

    def _attach(self, part: Part) -> None:
        if part.media_type in READABLE or part.media_type == "text/calendar":
            self.contents.spare.append(part)
        name = part.given_name or self._name_of_mail(part) or _NAMES.get(part.media_type, "attachment")
        content = part.encoded if part.media_type in MAILS and part.parts and part.parts[0].raw is part.raw else part.content
        self._add_file(EncodedFile(name, content), part.media_type)

    def _add_file(self, file: EncodedFile, media_type: str) -> None:
        name = safe_file_name(file.name, "attachment")
        stem, dot, ending = name.rpartition(".")
        number = self.contents.names.get(name, 0)
        unique = name
        while unique in self.contents.names:
            number += 1
            unique = f"{stem} ({number}).{ending}" if dot and stem else f"{name} ({number})"
        self.contents.names[name] = max(number, 1)
        self.contents.names.setdefault(unique, 1)
        self.contents.attachments.append(Attachment(unique, media_type, file.content))

    def _name_of_mail(self, part: Part) -> str:
        subject = decode_words(part.parts[0].first("subject")) if part.media_type in MAILS and part.parts else ""
        name = safe_file_name(subject.replace("/", " ").replace("\\", " ")[:80], "")
        return f"{name}.eml" if name else ""


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _tells_quotes(text: str) -> bool:
    return CHARACTER_OF[Mark.QUOTE] in text or "\n> " in text or text.startswith("> ")
