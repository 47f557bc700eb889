"""Staff mail: what the bot writes to colleagues by mail; references only, no personal data."""

from html import escape

from bot.wording import Letter


def escalation(*, reference: str, intent: str, when: str, handled: bool) -> Letter:
    """A request is about to be late, or is; to a manager."""
    asked = intent.replace("_", " ")
    who = "A colleague has it." if handled else "Nobody has taken it yet."
    lines = [
        f"{reference} ({asked}) is {when}." if not when.startswith("the ") else f"{reference} ({asked}): {when}.",
        who,
        "Please see that it is answered in time, or that an extension is told to the requester before the period ends (Art 12(3) GDPR).",
    ]
    return Letter(subject=f"[{reference}] {when}", text="\n\n".join(lines) + "\n", html=_page(lines), language="en")


def alarm(*, reference: str, urgent: str) -> Letter:
    """A breach report or an authority's letter has come in; to a manager, where there is no desk in Slack."""
    lines = [f"{reference}: {urgent}.", "Please see at once that somebody takes it: the time may be counted in hours (Art 33(1) GDPR)."]
    return Letter(subject=f"[{reference}] {urgent}, please look now", text="\n\n".join(lines) + "\n", html=_page(lines), language="en")


def _page(lines: list[str]) -> str:
    paragraphs = "".join(f'<p style="margin:0 0 14px">{escape(line)}</p>' for line in lines)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>'
        f'<body style="font:16px/1.5 system-ui,sans-serif;max-width:600px;margin:0 auto;padding:20px">{paragraphs}</body></html>'
    )
