"""The demo: real mails to the real bot; prints what it understood, answered and left unanswered, then moves the clock."""

import email
import email.policy
import json
import signal
import threading
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.clerk import ticket_by_reference
from bot.config_file import ConfigError
from bot.demo.gallery import draw_gallery
from bot.demo.mail_server import PASSWORD
from bot.demo.mails import DemoMail, demo_mails, in_reply_to
from bot.demo.play import colleagues_act, move_the_clock, readable, show_cards
from bot.demo.stage import ANN, DESK, INTAKE, MAILBOX, MANAGER, Happening, Stage, set_up

_SLACK_WORDS = "A guest at the front desk, lea.sommer@gast.example, asks us to delete everything we have about her."


def run_demo(out: Path, *, serve: bool) -> None:
    """Play it through; leaves letters, cards and the digest in `out`. Raises ConfigError when that folder can't be made."""
    try:
        (out / "letters").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"--out {out}: can't be made ({error.strerror})") from None
    signal.signal(signal.SIGTERM, _leave)
    console = Console(width=None if Console().is_terminal else 140)
    with set_up() as stage:
        console.print(
            f"[dim]IMAP and SMTP on 127.0.0.1:{stage.mail.imap_port} and :{stage.mail.smtp_port}, Slack at {stage.slack.api_url}[/dim]"
        )
        _send_all(stage)
        console.print(_happenings(stage))
        show_cards(console, stage)
        colleagues_act(console, stage)
        if serve:
            _serve(console, stage)
        else:
            digest = move_the_clock(console, stage)
            (out / "digest.html").write_text(digest, "utf-8")
        _save_letters(stage, out)
        _save_cards(stage, out)
    console.print(f"\nLeft in [bold]{out}[/bold]: letters/*.eml, cards.json, cards.html" + ("" if serve else ", digest.html"))


def _leave(number: int, _: object) -> NoReturn:
    """Ended from outside in the middle: take the stage down on the way out, the mail server too."""
    raise SystemExit(128 + number)


def _send_all(stage: Stage) -> None:
    """Mails one after the other, the reply when its acknowledgement has arrived, then a colleague's post in Slack."""
    mails = demo_mails()
    for number, mail in enumerate(mails, 1):
        raw = in_reply_to(mail, _letter_id(stage, mail)) if mail.answers else mail.raw
        stage.mail.deliver(raw, mail.sender, MAILBOX)
        if number == len(mails) or mails[number].answers:
            stage.service.poke_mailbox()
            stage.await_happenings(number)
            stage.await_outbox()
    stage.slack.say(INTAKE, ANN, _SLACK_WORDS)
    stage.await_happenings(len(mails) + 1)
    stage.await_outbox()


def _letter_id(stage: Stage, mail: DemoMail) -> str:
    letters = [email.message_from_bytes(raw) for raw in stage.mail.inbox(mail.answers)]
    return next(str(letter["Message-ID"]) for letter in letters if "PRV-" in str(letter["Subject"]))


def _happenings(stage: Stage) -> Table:
    table = Table(title="What came in, and what became of it", show_lines=True, expand=True)
    for name, ratio in (("From, subject", 5), ("Asks for", 4), ("Reference, due", 3), ("Answered", 4)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for happening in stage.happenings:
        table.add_row(*_row(stage, happening))
    return table


def _row(stage: Stage, happening: Happening) -> tuple[Text | str, ...]:
    inquiry, filed = happening.inquiry, happening.filed
    sender = inquiry.sender.address or f"Slack, {inquiry.place.user if inquiry.place else '?'}"
    who = Text.assemble((sender, "bold"), "\n", inquiry.subject or inquiry.text[:70])
    reference = f"{filed.reference}\n{_due(stage, filed.reference)}" if filed.reference else f"no ticket: {filed.filing.value}"
    return who, _asked(happening), reference, _answer(stage, happening)


def _asked(happening: Happening) -> Text:
    prediction = happening.prediction
    if prediction is None:
        return Text("not read: no person wrote it", style="dim")
    lines = [f"{intent.value} {min(prediction.scores.get(intent, 0.0), 0.99):.0%}" for intent in prediction.intents]
    return Text("\n".join([*lines, f"({prediction.language}{', unclear: a person decides' if prediction.unclear else ''})"]))


def _due(stage: Stage, reference: str) -> str:
    def look(session: Any) -> str:
        ticket = ticket_by_reference(session, reference)
        dues = [request.due_on for request in ticket.requests if request.due_on] if ticket else []
        return f"due {min(dues):%d %b %Y}" if dues else "no statutory date"

    return str(stage.app.read(look))


def _answer(stage: Stage, happening: Happening) -> Text:
    if happening.filed.answer.startswith("no answer"):
        return Text(happening.filed.answer, style="yellow")
    letters = [readable(raw) for raw in stage.mail.inbox(happening.inquiry.sender.address)] if happening.inquiry.sender.address else []
    mine = [letter for letter in letters if happening.inquiry.message_id and letter["In-Reply-To"] == happening.inquiry.message_id]
    if mine:
        return Text.assemble((f"{happening.filed.answer} ({mine[0]['Content-Language']})", "green"), "\n", str(mine[0]["Subject"]))
    return Text(happening.filed.answer, style="yellow")


def _save_letters(stage: Stage, out: Path) -> None:
    people = {happening.inquiry.sender.address for happening in stage.happenings if happening.inquiry.sender.address} | {MANAGER}
    for person in sorted(people):
        for number, raw in enumerate(stage.mail.inbox(person), 1):
            name = f"{person.partition('@')[0]}-{number}.eml"
            (out / "letters" / name).write_bytes(raw)


def _save_cards(stage: Stage, out: Path) -> None:
    cards = [{key: message.get(key) for key in ("ts", "text", "blocks", "thread_ts")} for message in stage.slack.messages(DESK)]
    (out / "cards.json").write_text(json.dumps(cards, ensure_ascii=False, indent=2), "utf-8")
    (out / "cards.html").write_text(draw_gallery(stage), "utf-8")


def _serve(console: Console, stage: Stage) -> None:
    """Stay up until Ctrl-C, and say how to take part."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    mail = stage.mail
    console.print(
        Panel(
            f"The bot is running. Send a mail of your own to [bold]{MAILBOX}[/bold], from any made-up address:\n\n"
            f"  curl --url smtp://127.0.0.1:{mail.smtp_port} --mail-from me@home.example --mail-rcpt {MAILBOX} -T mail.txt\n\n"
            "where mail.txt begins with From:, To: and Subject: lines, then an empty line, then your words.\n"
            f"Read the answer at [bold]http://127.0.0.1:{mail.http_port}/[/bold] in the mailbox of your made-up address,\n"
            f"or by IMAP: 127.0.0.1:{mail.imap_port}, no TLS, user me@home.example, password {PASSWORD}.\n"
            "Ctrl-C ends it.",
            title="Your turn",
        )
    )
    seen = len(stage.happenings)
    while not stop.is_set():
        stop.wait(0.5)
        for happening in stage.happenings[seen:]:
            stage.await_outbox()
            table = Table(show_header=False, expand=True)
            table.add_row(*_row(stage, happening))
            console.print(table)
            seen += 1
