"""Trust: whether our own mail server vouches for the sender of a mail; nobody else's word counts, a mail's own least of all.

Only Authentication-Results of the configured authserv-id are read. Servers put their fields on top, so fields above the first one of
ours come from servers behind it, and whatever follows below a field of another server may be the sender's own invention. A mail's
forged fields with our id right below the true ones must be taken away by our border server (RFC 8601 section 5); so that one that
forgets it does little harm, the topmost field that speaks of a method speaks for it. ARC results are not looked at: whom to believe
there is another question.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.authentication_results import Result, read_results
from bot.inquiry import Inquiry

FIELD = "authentication-results"
UNAUTHENTICATED = "sender not authenticated"
"""The warning on a ticket whose first mail failed; it stands until a colleague lifts it."""
MAX_FIELDS = 50

_METHODS = ("dkim", "spf")
_ERRORS = {"temperror", "permerror"}
_SPF_DOMAINS = ("smtp.mailfrom", "smtp.mail")  # not smtp.helo: DMARC takes the MAIL FROM identity only (RFC 7489 section 3.1.2)
_DKIM_DOMAINS = ("header.d", "header.i")
_DMARC_DOMAINS = ("header.from",)

Found = Mapping[str, tuple[Result, ...]]


class Standing(StrEnum):
    """What our server's findings say of the sender. Most small domains have no DMARC: `none` is no reason for suspicion."""

    PASS = "pass"  # noqa: S105 - a result's name, no password
    FAIL = "fail"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trust:
    """The standing, the method that decided (dmarc, dkim, spf; `from` where there is not one author), and the domain that passed."""

    standing: Standing
    method: str = ""
    domain: str = field(default="", repr=False)

    def __str__(self) -> str:
        """As it is stored: `pass:dmarc`, `none`."""
        return f"{self.standing}:{self.method}" if self.method else str(self.standing)


UNKNOWN = Trust(Standing.UNKNOWN)
NONE = Trust(Standing.NONE)


def is_pass(authentication: str | None) -> bool:
    """Whether a stored verdict says that the sender is who they say they are: proof of control of the address."""
    return (authentication or "").startswith(Standing.PASS)


def is_fail(authentication: str | None) -> bool:
    """Whether a stored verdict says that the sender must be doubted."""
    return (authentication or "").startswith(Standing.FAIL)


def words(authentication: str | None) -> str:
    """A stored verdict for staff; empty where there is nothing to say."""
    if is_pass(authentication):
        return f"sender authenticated ({method_of(authentication).upper()})"
    return UNAUTHENTICATED if is_fail(authentication) else ""


def method_of(authentication: str | None) -> str:
    """`dmarc` of `pass:dmarc`."""
    return (authentication or "").partition(":")[2]


def authserv_ids(inquiry: Inquiry) -> tuple[str, ...]:
    """The servers that signed Authentication-Results of this mail, topmost first, each once: one of them is one's own."""
    return tuple(dict.fromkeys(read_results(value).authserv_id for value in inquiry.headers.get(FIELD, ())[:MAX_FIELDS]))


def authenticate(inquiry: Inquiry, ours: Collection[str]) -> Trust:
    """The verdict on the address that the inquiry names as its sender; unknown where our server (`ours`, lower-case) said nothing.

    More than one author domain, or none, is a fail: there DMARC has no author to go by (RFC 7489 section 6.6.1), and mail programs
    differ in whom they show. Failed SPF or DKIM alone prove nothing, for forwarding breaks the one and mailing lists the other.
    """
    found = _findings(inquiry, ours)
    if not found:
        return UNKNOWN
    dmarc = found.get("dmarc", ())
    if any(result.result == "fail" for result in dmarc):  # of several in one field the worst: a sender may have smuggled one in
        return Trust(Standing.FAIL, "dmarc")
    authors = {author.domain for author in inquiry.authors}
    if len(authors) != 1:
        return Trust(Standing.FAIL, "from")
    if inquiry.sender.domain not in authors:  # a mail group's own address was vouched for, not the writer's behind it
        return NONE
    return _by_dmarc(dmarc, inquiry.sender.domain) or _by_signature_or_path(found, inquiry.sender.domain)


def _findings(inquiry: Inquiry, ours: Collection[str]) -> Found:
    """What our server found, by method."""
    found: dict[str, tuple[Result, ...]] = {}
    reached = False
    for value in inquiry.headers.get(FIELD, ())[:MAX_FIELDS] if ours else ():
        one = read_results(value)
        if one.authserv_id in ours:
            reached = True
            here = {method: tuple(r for r in one.results if r.method == method) for method in ("dmarc", *_METHODS)}
            found = {**{method: results for method, results in here.items() if results}, **found}
        if reached and (one.authserv_id not in ours or one.broken):
            break
    return found


def _by_dmarc(results: tuple[Result, ...], author: str) -> Trust | None:
    """None where DMARC says nothing of the author's domain: it has no policy, or the server does not look."""
    if any(result.result in _ERRORS for result in results):
        return UNKNOWN
    if not results or any(result.result != "pass" for result in results):
        return None
    domains = [_domain(result, _DMARC_DOMAINS) for result in results]
    return Trust(Standing.PASS, "dmarc", domains[0]) if all(_aligned(domain, author) for domain in domains) else UNKNOWN


def _by_signature_or_path(found: Found, author: str) -> Trust:
    """A DKIM signature or an SPF pass counts for the author's own domain only."""
    for method, names in zip(_METHODS, (_DKIM_DOMAINS, _SPF_DOMAINS), strict=True):
        for result in found.get(method, ()):
            if result.result == "pass" and _aligned(domain := _domain(result, names), author):
                return Trust(Standing.PASS, method, domain)
    spoken = {result.result for method in _METHODS for result in found.get(method, ())}
    return UNKNOWN if spoken & _ERRORS else NONE


def _aligned(domain: str, author: str) -> bool:
    """Relaxed alignment (RFC 7489 section 3.1), with no list of public suffixes at hand: the same domain, or one below the other."""
    author = _ascii(author)
    related = domain == author or author.endswith(f".{domain}") or domain.endswith(f".{author}")
    return related and "." in domain and "." in author


def _domain(result: Result, names: tuple[str, ...]) -> str:
    """The domain of the first of these properties that is there: bare, or behind the @ of an address."""
    value = next((result.properties[name] for name in names if name in result.properties), "")
    return _ascii(value.rpartition("@")[2].strip("<>"))


def _ascii(domain: str) -> str:
    """Lower-case and in A-labels (RFC 5890), as servers write it whatever the mail does."""
    domain = domain.rstrip(".").lower()
    if domain.isascii() or len(domain) > 255:
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
