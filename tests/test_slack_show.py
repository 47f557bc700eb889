"""`slack.show`: how much of a requester stands in what is sent to Slack, looked at over all that is sent."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.demo.slack_server import BOT_TOKEN, LoopbackSlack
from bot.mailbox import Mail
from bot.slack.blocks import listing
from bot.slack.connection import web_client
from bot.slack.courier import SlackCourier
from bot.slack.home import home
from intents.catalog import Intent
from tests.builders import Bench, mail, sqlite_url
from tests.filing import close, edit_slack, opened, our_message_id, reply, take, take_slack

NAME, SUBJECT, BODY = "Wilhelmina Quast", "Winterreifen", "Rotkohl mit Klops"
JO = f"{NAME} <jo.quast@home.example>"
SECRET = ("Wilhelmina", "Quast", "quast", SUBJECT, "Rotkohl", "Jo asks for", "zeugnis", "wilma")
"""Of names, addresses, subjects, texts, the sentences they were read from, and files."""

FILE = (
    'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n{body}\n'
    '--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="zeugnis.pdf"\n\nx\n--b--\n'
)


def all_that_happens(bench: Bench) -> None:
    """Letters of every kind, posts, and what colleagues do with them."""
    first = take(bench, mail(BODY, sender=JO, subject=SUBJECT), Intent.ACCESS, Intent.ERASURE).reference or ""
    take(bench, mail(BODY + " bitte", sender=JO, subject=SUBJECT, number=2), Intent.ACCESS)
    take(bench, reply(BODY, to=our_message_id(bench), number=3, sender=JO, subject=SUBJECT), Intent.OBJECTION)
    take(bench, mail(BODY, sender=f"{NAME} <wilma@else.example>", subject=f"{SUBJECT} {first}", number=4), unclear=True)
    take(bench, mail(BODY, sender=f"{NAME} <dpa@wilma.example>", subject=SUBJECT, number=5), Intent.AUTHORITY)
    take(bench, mail(BODY, sender=f"{NAME} <x.quast@home.example>", subject=SUBJECT, number=6), Intent.BREACH_REPORT)
    bench.app.file_mail(_with_file(bench))
    post: dict[str, Any] = {"channel": "C0INTAKE", "user": "U5", "ts": "1795424400.000100", "text": f"{BODY}: jo.quast@else.example"}
    posted = take_slack(bench, {**post, "files": [{"name": "zeugnis.pdf"}]}, Intent.ERASURE).reference or ""
    take_slack(bench, {**post, "ts": "1795424460.0", "thread_ts": post["ts"], "text": f"{BODY}: other.quast@else.example"})
    edit_slack(bench, post, f"{BODY}: jo.quast@third.example", Intent.ACCESS, edited="1795424500.0")
    bench.app.act("confirm_sender", posted, "U1")
    bench.app.act("claim", first, "U1")
    bench.app.act("extend", first, "U1", reasons=BODY, letter=True)
    bench.app.act("ask", first, "U1", about="id", question=BODY, letter=True)
    bench.app.look(first, "U1")
    close(bench, first, BODY, access="refused", erasure="fulfilled")
    opened(bench, Intent.RECTIFICATION, number=9, sender=JO)
    for days in (0, 8, 24, 40):
        bench.clock.at = bench.clock.at.replace(month=12, day=1 + days) if days < 30 else bench.clock.at.replace(year=2027, month=1, day=11)
        bench.app.remind()
    bench.app.deliver()


def _with_file(bench: Bench) -> Mail:
    headers = f"From: {JO}\nTo: privacy@example.test\nSubject: {SUBJECT}\nMessage-ID: <f@home.example>\nMIME-Version: 1.0\n"
    return Mail(1, bench.clock(), (headers + FILE.format(body=BODY)).replace("\n", "\r\n").encode())


def told(folder: Path, show: str) -> str:
    """All payloads that reach Slack, as one text."""
    bench = Bench(sqlite_url(folder))
    config = bench.app.config
    assert config.slack is not None
    config = config.model_copy(update={"slack": config.slack.model_copy(update={"show": show})})
    bench.app.office = replace(bench.app.office, config=config)
    with LoopbackSlack() as slack:
        for user in ("U1", "U5"):
            slack.add_user(user, "ann", "ann@example.test")
        for channel in ("C0DESK", "C0INTAKE"):
            slack.add_channel(channel, channel.lower(), ["U1", "U5"])
        all_that_happens(bench)
        courier = SlackCourier(web_client(slack.api_url, BOT_TOKEN), bench.app.config.organisation.time_zone)
        for parcel in bench.slack.sent:
            courier.send(parcel)
        sent = [call.arguments for call in slack.calls]
        lists = [bench.app.tickets(which, "U1", "7") for which in ("list", "mine", "due", "overdue", "unassigned", "held")]
        shown = [listing("All", tickets) for tickets in lists] + [home(bench.app.show("home", "U1"))]
    bench.close()
    assert len(sent) > 20
    return json.dumps([*sent, *shown], ensure_ascii=False)


def test_reference_shows_nothing_of_the_requester(tmp_path: Path) -> None:
    everything = told(tmp_path, "reference")
    assert [secret for secret in (*SECRET, "home.example", "else.example", "***@") if secret in everything] == []


def test_masked_shows_the_first_letter_and_the_domain(tmp_path: Path) -> None:
    everything = told(tmp_path, "masked")
    assert [secret for secret in SECRET if secret in everything.replace("d***@wilma.example", "")] == []
    assert "j***@home.example" in everything and "j***@else.example" in everything


def test_full_shows_address_subject_and_evidence(tmp_path: Path) -> None:
    everything = told(tmp_path, "full")
    assert all(shown in everything for shown in ("jo.quast@home.example", SUBJECT, "Jo asks for access."))


@pytest.mark.parametrize("show", ["reference", "masked"])
def test_no_text_and_no_file_name_is_ever_sent(tmp_path: Path, show: str) -> None:
    everything = told(tmp_path, show)
    assert BODY not in everything and "zeugnis" not in everything
