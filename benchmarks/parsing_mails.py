"""How fast mails are parsed: mails per second of CPU time, and how that compares with the standard library on the same bytes."""

import email
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from time import process_time

from bot.demo.mails import demo_mails
from bot.parsing import parse_email

_MAILS = Path(__file__).parent.parent / "tests" / "mail"
_RECEIVED = datetime(2026, 11, 3, 12, tzinfo=UTC)
_ROUNDS = 20


def main() -> None:
    """Print mails per CPU second, ours and the standard library's, and the ratio."""
    raws = [path.read_bytes() for path in sorted(_MAILS.glob("*.eml"))] + [mail.raw for mail in demo_mails()]
    ours = _per_second(lambda raw: parse_email(raw, _RECEIVED), raws)
    standard = _per_second(_standard, raws)
    print(f"mails                          {len(raws):8d}, {sum(map(len, raws)) / len(raws):.0f} bytes in the mean")
    print(f"parsed, a CPU second           {ours:8.0f}")
    print(f"by the standard library        {standard:8.0f}  headers and text only, no quotes told apart")
    print(f"  ours : the standard library's{ours / standard:8.2f}")


def _standard(raw: bytes) -> None:
    """What a reader would ask of the standard library at least: sender, subject and text."""
    mail = email.message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    try:
        str(mail["from"]), str(mail["subject"])
        body = mail.get_body(("plain", "html"))
        body.get_content() if body else ""
    except (LookupError, ValueError, TypeError, AttributeError):  # it gives up on some of them
        return


def _per_second(read: Callable[[bytes], object], raws: list[bytes]) -> float:
    best = 0.0
    for _ in range(3):
        start = process_time()
        for _ in range(_ROUNDS):
            for raw in raws:
                read(raw)
        best = max(best, _ROUNDS * len(raws) / (process_time() - start))
    return best


if __name__ == "__main__":
    main()
