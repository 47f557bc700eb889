"""Staff mail: what the bot tells colleagues, by mail and in Slack; references and dates only, no personal data."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import escape

from bot.wording import Letter

_LONGEST_LIST = 40
_HOURS_UP_TO = 72
_NO_DATE = datetime.max.replace(tzinfo=UTC)
_PLEASE = "Please see that it is answered in time, or that an extension is told to the requester before the period ends."


@dataclass(frozen=True, slots=True)
class Matter:
    """One line that somebody is told: how these requests of a ticket stand. `ends` (UTC) orders the lines."""

    reference: str
    asked: tuple[str, ...]
    words: str
    ends: datetime | None
    unclaimed: bool = False
    late_or_due: bool = True

    def line(self, mark: str = "") -> str:
        """The line itself; with `mark` around the reference."""
        nobody = " Nobody has taken it yet." if self.unclaimed else ""
        return f"{mark}{self.reference}{mark} {', '.join(self.asked).replace('_', ' ')}: {self.words}.{nobody}"


def in_order(matters: Iterable[Matter]) -> list[Matter]:
    """The most urgent first; requests of one ticket that stand alike share a line, and so does all that is said of the same requests."""
    urgent_first = sorted(matters, key=lambda matter: (matter.ends or _NO_DATE, matter.reference))
    alike = _joined(urgent_first, lambda matter: matter.words)
    return _joined(alike, lambda matter: matter.asked)


def _joined(matters: Iterable[Matter], same: Callable[[Matter], object]) -> list[Matter]:
    """Matters of one ticket that are the `same` made one; where one of them says that nobody took it, it need not be added."""
    found: dict[tuple[str, object], Matter] = {}
    for matter in matters:
        key = (matter.reference, same(matter))
        first = found.setdefault(key, matter)
        if first is not matter:
            found[key] = Matter(
                first.reference, _once(*first.asked, *matter.asked), "; ".join(_once(first.words, matter.words)), first.ends,
                first.unclaimed and matter.unclaimed, first.late_or_due or matter.late_or_due,
            )  # fmt: skip
    return list(found.values())


def _once(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def reminder(matters: Iterable[Matter]) -> str:
    """A reminder as a Slack message: one line, or a short list."""
    ordered = in_order(matters)
    lines = [matter.line("*") for matter in ordered]
    if len(lines) == 1:
        return f":alarm_clock: {lines[0]}"
    more = [f"… and {len(lines) - _LONGEST_LIST} more: `/privacy due` lists them."] if len(lines) > _LONGEST_LIST else []
    return "\n".join((f":alarm_clock: {_headline(ordered)}:", *(f"• {line}" for line in lines[:_LONGEST_LIST]), *more))


def escalation(matters: Iterable[Matter]) -> Letter:
    """The same to a manager, by mail."""
    ordered = in_order(matters)
    lines = [matter.line() for matter in ordered[:_LONGEST_LIST]]
    if len(ordered) == 1:
        [matter] = ordered
        paragraphs = [lines[0], *([_PLEASE] if matter.late_or_due else [])]
        text, subject = "\n\n".join(paragraphs) + "\n", f"[{matter.reference}] {matter.words}"
        return Letter(subject=subject, text=text, html=_page(paragraphs), language="en")
    lines += [f"… and {len(ordered) - _LONGEST_LIST} more."] if len(ordered) > _LONGEST_LIST else []
    subject, first, last = f"Privacy desk: {_headline(ordered)}", "The most urgent first:", _PLEASE.replace(" it ", " each ")
    text = "\n\n".join((first, "\n".join(f"- {line}" for line in lines), last)) + "\n"
    return Letter(subject=subject, text=text, html=_page([first], lines, [last]), language="en")


def alarm(*, reference: str, urgent: str) -> Letter:
    """A breach report or an authority's letter has come in; to a manager, where there is no desk in Slack."""
    lines = [f"{reference}: {urgent}.", "Please see at once that somebody takes it: the time may be counted in hours (Art 33(1) GDPR)."]
    return Letter(subject=f"[{reference}] {urgent}, please look now", text="\n\n".join(lines) + "\n", html=_page(lines), language="en")


def watchdog(words: str) -> Letter:
    """What the watchdog has to say of the mailbox; to a manager, where there is no desk in Slack."""
    return Letter(subject="Privacy desk: the mailbox", text=f"{words}\n", html=_page([words]), language="en")


def staff_letter_lost(kind: str, key: str) -> Letter:
    """That a letter to a colleague was refused or came back; which one is said by its place in config.yaml, never by the address."""
    name, *parts = key.split(":")
    if name == "digest":
        words = f"The weekly digest {parts[0]} did not reach recipient {int(parts[-1]) + 1} of digest.recipients. Please check the address."
    else:
        words = f"A letter to a colleague ({kind.replace('-', ' ')}) could not be delivered. Please check the addresses in config.yaml."
    return Letter(subject="Privacy desk: a letter was not delivered", text=f"{words}\n", html=_page([words]), language="en")


def self_test(token: str) -> Letter:
    """The mail to ourselves by which we see that mail goes out and comes in; `token` is by what we know it again."""
    words = "The privacy desk's program sent this mail to its own mailbox, to see that mail goes out and comes in. No need to act."
    return Letter(subject=f"privacybot self-test {token}", text=f"{words}\n", html=_page([words]), language="en")


def due_in_days(last_day: date, due_on: date, today: date) -> str:
    """How a request stands that must be answered by the end of `last_day`, where another reading of the law may say `due_on`."""
    other = f"; another reading of the law says {day(due_on)}" if due_on != last_day else ""
    if last_day < today:
        return f"overdue since {day(last_day)}, for {_days((today - last_day).days)}{other}"
    return f"due {_ahead(last_day, today)}, on {day(last_day)}{other}"


def look_by(last_day: date, today: date) -> str:
    """How a request stands that is paused, or that the law sets no date for."""
    return f"no date runs by law; to be looked at by {day(last_day)}, {_ahead(last_day, today)}"


def due_in_hours(end: datetime, now: datetime) -> str:
    """How a request stands whose clock runs in hours."""
    hours = round(abs(end - now) / timedelta(hours=1))
    if end > now:
        return f"the legal time ends in {_hours(hours)}"
    return f"the legal time ended {_hours(hours) if hours <= _HOURS_UP_TO else _days(hours // 24)} ago"


def decide_extension(notice_by: date) -> str:
    """That somebody must decide whether the period is to be lengthened."""
    return f"decide whether to extend, the notice must leave by {day(notice_by)}"


def unassigned_since(since: date) -> str:
    """That a ticket has no handler."""
    return f"waits for somebody to take it since {day(since)}"


def unread_since(since: date) -> str:
    """That the requester's answer lies there."""
    return f"the requester wrote on {day(since)}; nobody has looked at it"


def day(value: date) -> str:
    """`22 Dec 2026 (Tue)`."""
    return f"{value.day} {value:%b %Y (%a)}"


def _headline(matters: Sequence[Matter]) -> str:
    number = len({(matter.reference, asked) for matter in matters for asked in matter.asked})
    what = "due or late" if all(matter.late_or_due for matter in matters) else "to be looked at"
    return f"{number} request{'s' if number != 1 else ''} {what}"


def _ahead(last_day: date, today: date) -> str:
    left = (last_day - today).days
    if left < 0:
        return f"{_days(-left)} ago"
    return "today" if left == 0 else f"in {_days(left)}"


def _days(number: int) -> str:
    return f"{number} day{'s' if number != 1 else ''}"


def _hours(number: int) -> str:
    return f"{number} hour{'s' if number != 1 else ''}"


def _page(before: list[str], items: Sequence[str] = (), after: Sequence[str] = ()) -> str:
    listed = f'<ul style="margin:0 0 14px">{"".join(f"<li>{escape(item)}</li>" for item in items)}</ul>' if items else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>'
        '<body style="font:16px/1.5 system-ui,sans-serif;max-width:600px;margin:0 auto;padding:20px">'
        f"{_paragraphs(before)}{listed}{_paragraphs(after)}</body></html>"
    )


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f'<p style="margin:0 0 14px">{escape(line)}</p>' for line in lines)
