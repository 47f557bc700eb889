"""Authentication-Results fields read as RFC 8601 has them, and as Microsoft 365 writes them; one pass, whatever stands in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.reading.headers import MAX_VALUE

MICROSOFT_365 = "mx.microsoft.com"
"""Microsoft 365 leaves the authserv-id out of this field; this is the one that it writes into its ARC fields."""
MAX_RESULTS = 100

_PIECE = re.compile(r'\\.|[^\\"();]+|.', re.DOTALL)
_RESULT = re.compile(r"([A-Za-z][\w-]*) ?(?:/ ?\d{1,4} ?)?= ?([A-Za-z][\w-]*)(?= |$)")
_PAIR = re.compile(r'(?:([A-Za-z][\w-]*(?: ?\. ?[\w-]+)?) ?= ?)?((?:"(?:[^"\\]|\\.)*"|[^\s"])+)')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SAYS_DMARC_FAIL = re.compile(r"\bdmarc ?= ?fail\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found: `dkim`, `pass`, and what it looked at, such as `header.d` -> `example.org`; names are lower-case."""

    method: str
    result: str
    properties: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Results:
    """One field: who wrote it (lower-case), and what they found. A broken one can't be relied on, but for a fail of DMARC."""

    authserv_id: str
    results: tuple[Result, ...]
    broken: bool = False


def read_results(value: str) -> Results:
    """The field's raw, unfolded value, not RFC 2047-decoded: what is hidden in an encoded word must not become syntax. Never raises.

    A quote or bracket that is not closed, or closed twice, breaks the field: a sender's own odd address may have ended it early.
    """
    cut, value = len(value) >= MAX_VALUE, value[:MAX_VALUE]  # a longer one was cut when the mail was read
    statements, whole = _statements(value)
    first, *rest = statements
    if _RESULT.match(first):
        authserv_id, version, rest = MICROSOFT_365, [], statements
    else:
        authserv_id, *version = first.split() or [""]
    if cut or not whole or version not in ([], ["1"]):
        fail = (Result("dmarc", "fail", {}),) if _SAYS_DMARC_FAIL.search(" ".join(value.split())) else ()
        return Results(_unquoted(authserv_id).lower(), fail, broken=True)
    results = (_result(statement) for statement in rest[:MAX_RESULTS])
    return Results(_unquoted(authserv_id).lower(), tuple(result for result in results if result))


def _statements(value: str) -> tuple[list[str], bool]:
    """What stands between semicolons, with comments as spaces, and whether each quote and comment is closed (RFC 5322 section 3.2)."""
    statements: list[list[str]] = [[]]
    depth, quoted, whole = 0, False, True
    for piece in _PIECE.findall(value):
        if depth:
            depth += (piece == "(") - (piece == ")")
        elif piece == "(" and not quoted:
            depth = 1
            statements[-1].append(" ")
        elif piece == ";" and not quoted:
            statements.append([])
        else:
            quoted ^= piece == '"'
            whole &= quoted or not piece.startswith((")", "\\"))
            statements[-1].append(piece)
    return [" ".join("".join(pieces).split()) for pieces in statements], whole and not depth and not quoted


def _result(statement: str) -> Result | None:
    """`spf=pass reason="..." smtp.mailfrom=jo@example.org`; None for `none`, and for what some servers write beside the rules."""
    head = _RESULT.match(statement)
    if head is None:
        return None
    properties: dict[str, str] = {}
    for name, value in _PAIR.findall(statement, head.end()):
        if name:
            properties.setdefault(name.replace(" ", "").lower(), _unquoted(value))
    return Result(head[1].lower(), head[2].lower(), properties)


def _unquoted(value: str) -> str:
    return _QUOTED.sub(lambda quoted: re.sub(r"\\(.)", r"\1", quoted[1]), value)
