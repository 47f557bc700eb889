"""Answering machines, help desks, challenges, receipts and calendars are ignored; they take two signs, for people write the same words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.parsing import parse_email
from bot.screening import Decision, Policy, Verdict, screen

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example")
REPLIES = sorted((Path(__file__).parent / "mail" / "auto_reply").glob("*.eml"))


def verdict(subject: str, text: str, headers: str = "", sender: str = "Jana Beispiel <jana@example.org>") -> Verdict:
    raw = f"From: {sender}\nTo: privacy@acme.example\nSubject: {subject}\nMIME-Version: 1.0\n{headers}\n{text}\n"
    return screen(parse_email(raw.encode(), NOW), POLICY)


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_each_machines_answer_is_ignored(path: Path) -> None:
    found = screen(parse_email(path.read_bytes(), NOW), POLICY)
    assert (found.decision, found.acknowledge, found.kind) == (Decision.IGNORE, False, "auto_reply")


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "X-Auto-Reply-From: x", "X-Autoresponse: true", "Precedence: auto-reply"]
)
def test_a_field_that_only_machines_write_is_enough(header: str) -> None:
    assert verdict("Hello", "Thanks.", f"{header}\n").kind == "auto_reply"


def test_a_request_that_arrives_while_its_writer_travels_is_a_persons() -> None:
    text = "I am on holiday until 5 May. In urgent cases please contact my wife. Erase my data."
    for headers in ("", "In-Reply-To: <x@acme.example>\n"):
        assert verdict("Re: your letter", text, headers).rule == "person"


@pytest.mark.parametrize(
    "subject", ["Urlaub - Löschung meiner Daten", "Auto: Datenauskunft", "Vacation: my booking data", "Semester: mina uppgifter"]
)
def test_a_word_of_holidays_in_the_subject_is_no_answering_machine(subject: str) -> None:
    text = "Please erase all that you store about my booking."
    assert verdict(subject, text).rule == "person"
    assert verdict(subject, text, "Return-Path: <>\n").decision is Decision.ACCEPT
    away = "Ich bin bis zum 12. nicht im Büro. In dringenden Fällen wenden Sie sich an Herrn M."
    assert verdict(subject, away).kind == "auto_reply"


def test_suppressing_answers_does_not_make_a_travelling_person_a_machine() -> None:
    text = "I am on holiday until 5 May, in urgent cases please contact my lawyer. Erase my data."
    assert verdict("My data", text, "X-Auto-Response-Suppress: All\n").rule == "person"


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-generated", "Return-Path: <>", "Precedence: bulk"])
def test_a_polite_person_in_a_hurry_behind_a_strangers_web_form_is_no_desk(header: str) -> None:
    text = "Vielen Dank für Ihre Hilfe. Bitte löschen Sie meine Daten so schnell wie möglich."
    assert verdict("Formular", text, f"{header}\n", "Formular <form@forms.example>").decision is Decision.ACCEPT


def test_the_web_form_of_our_own_house_is_never_a_desks_receipt() -> None:
    text = "We have received your request. Request number 12.\n\nName: Jana\nText: erase my account"
    assert verdict("Request received", text, "Auto-Submitted: auto-generated\n", "Form <form@acme.example>").decision is Decision.ACCEPT
    bare = text.partition("\n\n")[0]
    assert verdict("Request received", bare, "Auto-Submitted: auto-generated\n", "Form <form@shop.example>").rule == "desk_receipt"


def test_who_shows_a_desks_receipt_in_quotation_marks_is_no_desk() -> None:
    text = 'You wrote: "Your request has been received, ticket number 5512." I have no answer yet. Respond as soon as possible.'
    assert verdict("Contact form", text, "Auto-Submitted: auto-generated\n", "Form <form@forms.example>").decision is Decision.ACCEPT
    receipt = 'Your request "A copy of my data" has been received, ticket number 5512.'
    assert verdict("Receipt", receipt, "Auto-Submitted: auto-generated\n", "Desk <desk@shop.example>").kind == "auto_reply"


def test_a_portal_that_tells_us_of_a_request_is_no_receipt() -> None:
    text = "A new privacy request has been received. Request ID: 77. Please respond within 30 days. Requester: Jana"
    assert (
        verdict("New request received", text, "Auto-Submitted: auto-generated\n", "Portal <desk@portal.example>").decision
        is Decision.ACCEPT
    )


def test_an_invitation_is_no_answer_to_one() -> None:
    calendar = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR"
    raw = f"From: jana@example.org\nTo: privacy@acme.example\nSubject: Meeting\n{calendar}\n"
    assert screen(parse_email(raw.encode(), NOW), POLICY).decision is Decision.ACCEPT


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Automatisch antwoord: Uw verzoek", "Ik ben afwezig tot 1 december."),
        ("Autosvar: Din begäran", "Jag är inte på kontoret förrän 1 december."),
        ("自動応答: Re: your request", "12月1日まで不在にしております。"),
        ("Re: your request", "I am out of the office until 1 December. Please contact my colleague. Your email will not be forwarded."),
        ("Ihre Anfrage", "Ich bin bis zum 1.12. abwesend. Ihre E-Mail wird nicht weitergeleitet."),
        ("Frånvaro", "Jag är på semester. Jag svarar när jag är tillbaka."),
        ("Neue Adresse", "Diese E-Mail-Adresse wird nicht mehr verwendet. Diese Nachricht wurde automatisch erstellt."),
        ("We've received your message", "This is an automated response: we have received your message. Please do not reply to this email."),
    ],
)
def test_two_of_a_machines_words_without_any_field_are_kept_and_not_answered(subject: str, text: str) -> None:
    found = verdict(subject, text)
    assert (found.decision, found.acknowledge) in {(Decision.ACCEPT, False), (Decision.IGNORE, False)}


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Automatic reply: my complaint", "I got only this from you. Please erase my data."),
        ("My data", "I am out of the office until 1 December, please contact me at home. Send me all that you store about me."),
        ("Objection", "You wrote: this is an automated message, please do not reply to this. I do object to the decision."),
        ("My data", "Have you received your copy of my passport? We have received your letter and ask for the data. Erase the rest."),
        ("Auskunft", "Bitte senden Sie mir meine Daten. Ich bin bis zum 5.12. im Urlaub. Vielen Dank für Ihre Hilfe."),
        ("Your decision", "I got an automated response that my loan is refused. We have received your reasons, they are wrong."),
        ("Vacaciones: mis datos de reserva", "Quiero acceder a los datos de mi reserva. Estoy de vacaciones hasta el lunes."),
        ("Vacation: my booking data", "I am on vacation right now, please contact me by phone. Erase my data."),
        ("Urlaub - Löschung meiner Daten", "Ich bin bis zum 5.5. im Urlaub. Bitte löschen Sie meine Daten."),
        ("My data", "Erase my data. " + "I have written three times and never heard a word. " * 8 + "You said: I am out of office, "
         "your email will not be forwarded."),
    ],
)  # fmt: skip
def test_one_of_a_machines_words_or_all_of_them_further_down_costs_nobody_the_answer(subject: str, text: str) -> None:
    assert verdict(subject, text).rule == "person"


def test_the_receipt_of_reading_that_thunderbird_writes_is_known_without_its_parts() -> None:
    text = "Dies ist eine Empfangsbestätigung für eine E-Mail, die Sie an jana@example.org gesendet haben."
    assert verdict("Lesebestätigung (angezeigt) - Ihre Anfrage", text).rule == "read_receipt"
    french = "Ceci est un accusé de réception pour le courrier que vous avez envoyé à jana@example.org."
    assert verdict("Accusé de réception (affiché) - Votre demande", french).rule == "read_receipt"
    assert verdict("Lesebestätigung erbeten", "Bitte löschen Sie meine Daten.").rule == "person"
