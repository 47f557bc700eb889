"""Several people in one mail: several writers, several addresses, a list of names, or words such as "us both"."""

import re

from bot.asking.house import House
from bot.asking.words import says, terms
from bot.inquiry import Inquiry
from bot.reading.headers import parse_addresses

CAUTION = "several people may be meant"
_LOOKED_AT = 30_000  # characters of a letter
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_SENTENCE_END = re.compile(r"[.!?;]\s|\n\s*\n")
_NAME_AND_BIRTHDAY = re.compile(
    r"\W{0,5}(?:\d{1,3}[.)]\s*)?((?:[^\W\d_][\w'’.-]*\s+){1,3}[^\W\d_][\w'’.-]*)\s*[,;|\t(*–-]"
    r"[^\d:]{0,40}:?\s*(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?((?:19|20)\d\d)|((?:19|20)\d\d)-\d\d-\d\d)"
)
_YOUNGEST = 5  # years: what lies less far back is the date of an order


def are_several(inquiry: Inquiry, house: House) -> bool:
    """Precise rather than complete: a person with three addresses is one person."""
    text = inquiry.text[:_LOOKED_AT]
    return (
        len(_writers(inquiry, house)) > 1
        or any(says("several", sentence) and says("asking", sentence) for sentence in _SENTENCE_END.split(text))
        or _strangers(inquiry, text, house) > 1
        or _named_in_rows(text, inquiry.received_at.year)
    )


def _writers(inquiry: Inquiry, house: House) -> set[str]:
    """RFC 5322 section 3.6.2 allows several authors in From."""
    if inquiry.forward:
        return set()
    return {
        one.address for value in inquiry.headers.get("from", ())[:1] for one in parse_addresses(value) if not house.is_ours(one.address)
    }


def _strangers(inquiry: Inquiry, text: str, house: House) -> int:
    """People, by the addresses in the text that belong neither to the sender nor to us, nor to an office."""
    if says("own_addresses", text):
        return 0
    own = {inquiry.requester.address, inquiry.sender.address}
    mine = _words(inquiry.requester.name) | _words(inquiry.requester.local_part)
    found = {address.lower().rstrip(".") for address in _ADDRESS.findall(text)} - own
    return len([address for address in found if _is_a_persons(address) and not house.is_ours(address) and not _words(address) & mine])


def _is_a_persons(address: str) -> bool:
    return address.partition("@")[0].replace(".", "").replace("_", "") not in terms("office_names")


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text.partition("@")[0].casefold()))


def _named_in_rows(text: str, year: int) -> bool:
    """Two rows of a name and a date of birth; `Order placed, 3.2.2026` is none."""
    rows = (_NAME_AND_BIRTHDAY.match(line.strip()[:160]) for line in text.splitlines()[:2_000])
    names = {row[1].casefold() for row in rows if row and row[1][0].isupper() and int(row[2] or row[3]) <= year - _YOUNGEST}
    return len(names) > 1
