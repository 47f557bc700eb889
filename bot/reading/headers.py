"""Header values made readable, whatever a client wrote: RFC 2047 words, addresses, parameters, dates, Message-IDs, file names."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.inquiry import Address
from bot.reading.charsets import clean, decode, transfer_decoded

MAX_VALUE = 20_000  # characters of one header value that are looked at; a longer one is an attack or an accident

# Up to its end, to the next word, or to the end of the value; with the spaces and question marks that some clients leave in it.
_WORD = re.compile(r"=\?([^?\s]{0,60})\?([bBqQ])\?((?:[^?=]|\?(?!=)|=(?!\?[^?\s]{0,60}\?[bBqQ]\?))*)(?:\?=)?")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_MAILBOX = re.compile(
    r"(?:(?<![^\s<>()\",;:\[\]\\])[^\s<>()\",;:\[\]\\]{1,256}|\"(?:[^\"\\\s]|\\.| ){1,64}\")@"
    r"(?:[^\s<>()\",;:\[\]\\@]{1,256}|\[[^\s\[\]]{1,80}\])"
)
_MAILBOX_LIST_ITEM = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^",;<])+')
_PARAMETER = re.compile(r'[;\s]([^\s=;"*]{1,60})((?:\*\d{1,3})?\*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


def decode_words(value: str) -> str:
    """RFC 2047 encoded words in `value` made readable; words that are broken stay as they stand."""
    for _ in range(2):  # some relays encode what is encoded already
        if "=?" not in value:
            break
        value = "".join(_decoded_runs(value))
    return clean(value)


def _decoded_runs(value: str) -> Iterator[str]:
    """Plain stretches and decoded words in turn; neighbours of one charset are joined first, for they may split a character."""
    position, waiting, charset = 0, b"", ""
    for word in _WORD.finditer(value):
        between = value[position : word.start()]
        if waiting and (between.strip() or word[1].lower() != charset):
            yield _in_charset(waiting, charset)
            waiting = b""
        if between.strip() or position == 0:
            yield between
        waiting, charset, position = waiting + _word_bytes(word), word[1].lower(), word.end()
    yield _in_charset(waiting, charset)
    yield value[position:]


def _word_bytes(word: re.Match[str]) -> bytes:
    text = word[3].encode("utf-8", "replace")
    if word[2] in "bB":
        return transfer_decoded(text, "base64")
    return transfer_decoded(text.replace(b"_", b"=20"), "quoted-printable")


def _in_charset(data: bytes, charset: str) -> str:
    return decode(data, charset.partition("*")[0]).text  # RFC 2231 section 5: charset*language


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=x` as ("text/plain", {"charset": "x"}); RFC 2231 continuations joined and decoded, names lower-case."""
    value = value[:MAX_VALUE]
    pieces: dict[str, list[tuple[int, str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        number = int(match[2].strip("*") or 0)
        pieces.setdefault(match[1].lower(), []).append((number, _unquoted(match[3]), match[2].endswith("*")))
    main = re.split(r"[;\s]", value.strip(), maxsplit=1)[0].lower()
    return main, {name: _joined(sorted(parts, key=lambda part: part[0])) for name, parts in pieces.items()}


def _unquoted(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value.strip('"'))
    return value


def _joined(parts: list[tuple[int, str, bool]]) -> str:
    if not any(extended for _, _, extended in parts):
        return decode_words("".join(text for _, text, _ in parts))
    charset, _, rest = parts[0][1].partition("'")
    _, quote, first = rest.partition("'")
    texts = [first if quote else parts[0][1], *(text for _, text, _ in parts[1:])]
    flags = [extended for _, _, extended in parts]
    data = b"".join(_percent_decoded(text) if flag else text.encode("utf-8", "replace") for text, flag in zip(texts, flags, strict=True))
    return decode(data, charset if quote else "").text


def _percent_decoded(text: str) -> bytes:
    return re.sub(rb"%([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), text.encode("utf-8", "replace"))


def parse_addresses(value: str) -> tuple[Address, ...]:
    """All mailboxes of a From, To or Reply-To value; what holds none yields nothing. Addresses are lower-case, names decoded."""
    found: list[Address] = []
    unfinished = ""
    for item in _MAILBOX_LIST_ITEM.findall(value[:MAX_VALUE]):
        mailbox = _one_address(f"{unfinished}, {item}" if unfinished else item)
        unfinished = "" if mailbox else item.strip()  # `Muster, Max <max@...>`: the comma belongs to an unquoted name
        if mailbox:
            found.append(mailbox)
    return tuple(found)


def _one_address(item: str) -> Address | None:
    for text in dict.fromkeys((item, decode_words(item))):  # some clients encode name and address together
        name, bracket, rest = text.rpartition("<")
        mailbox = _MAILBOX.search(rest)
        if mailbox:
            return Address(mailbox[0].lower().strip(".'"), _display_name(name if bracket else text.replace(mailbox[0], "")))
    return None


def _display_name(raw: str) -> str:
    name = raw.rpartition(":")[2] if raw.count(":") == 1 and '"' not in raw else raw  # `Group: a@x, b@y;`
    return " ".join(decode_words(_unquoted(name)).split()).strip(" ,;()'\"")


def message_ids(value: str) -> tuple[str, ...]:
    """Every `<...>` of a Message-ID, In-Reply-To or References value, once each, in order."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value[:MAX_VALUE])))


def message_id(value: str) -> str:
    """The Message-ID with angle brackets, also where a client forgot them; an empty string where there is none."""
    found = message_ids(value)
    if found:
        return found[0]
    bare = value.strip().strip("<>")
    return f"<{bare}>" if bare and len(bare) < 998 and not re.search(r"[\s<>]", bare) else ""


def parse_date(value: str) -> datetime | None:
    """A Date header as an aware time (UTC where it names no zone), or None when it can't be read."""
    try:
        moment = parsedate_to_datetime(value[:100])
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        aware.astimezone(UTC)  # a year 9999 in a western zone has no UTC time
    except (ValueError, TypeError, IndexError, OverflowError):  # all seen from the standard library on dates in the wild
        return _iso_date(value.strip()[:40])
    return aware


def _iso_date(value: str) -> datetime | None:
    """What some web forms write instead: `2026-11-02T09:15:00Z`."""
    try:
        moment = datetime.fromisoformat(value)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware


def safe_file_name(name: str, fallback: str) -> str:
    """The last path component without control, direction and shell characters, at most 120 characters, its ending kept."""
    base = re.split(r"[/\\]", name[:MAX_VALUE])[-1]
    base = " ".join(_UNSAFE_IN_NAMES.sub(" ", base).split()).strip(". ")
    stem, dot, ending = base.rpartition(".")
    if len(base) > 120:
        base = f"{stem[:100]}.{ending}" if dot and len(ending) < 16 else base[:120]
    return base or fallback
