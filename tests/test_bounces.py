"""Returned letters of every server there is are known without Return-Path and Auto-Submitted; people who show one stay people."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.inquiry import Inquiry
from bot.parsing import parse_email
from bot.robots.bounces import bounced_message_ids, is_only_a_warning
from bot.screening import Decision, Policy, screen

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLICY = Policy(frozenset({"privacy@acme.example"}), "acme.example")
RETURNED = sorted((Path(__file__).parent / "mail" / "bounce").glob("*.eml"))


def read(raw: bytes) -> Inquiry:
    return parse_email(raw, NOW)


def is_bounce(raw: bytes) -> bool:
    verdict = screen(read(raw), POLICY)
    return (verdict.decision, verdict.acknowledge, verdict.kind) == (Decision.IGNORE, False, "bounce")


def written(subject: str, text: str, sender: str = "Jana Beispiel <jana@example.org>", headers: str = "") -> bytes:
    return f"From: {sender}\nTo: privacy@acme.example\nSubject: {subject}\n{headers}\n{text}\n".encode()


@pytest.mark.parametrize("path", RETURNED, ids=lambda path: path.stem)
class TestEachReturnedLetter:
    def test_is_a_bounce(self, path: Path) -> None:
        assert is_bounce(path.read_bytes())

    def test_is_one_with_an_empty_envelope_sender_and_through_a_list(self, path: Path) -> None:
        raw = path.read_bytes()
        assert is_bounce(b"Return-Path: <>\nAuto-Submitted: auto-replied (bounce)\n" + raw)
        assert is_bounce(b"List-Id: <owners.acme.example>\nPrecedence: list\n" + raw.replace(b"Subject: ", b"Subject: [Owners] ", 1))

    @pytest.mark.parametrize("sender", ["Jana Beispiel <jana@example.org>", "Uwe Technik <postmaster@small.example>"])
    def test_forwarded_or_shown_by_a_person_is_the_persons(self, path: Path, sender: str) -> None:
        inquiry = read(path.read_bytes())
        plea = "Your server sends this back to me. Please erase all my data nevertheless, also at your partners.\n\n"
        quoted = "\n".join(f"> {line}" for line in inquiry.body.split("\n"))
        for raw in (
            written(f"Fwd: {inquiry.subject}", plea + inquiry.body, sender),
            written(f"Re: {inquiry.subject}", plea + quoted, sender, "Return-Path: <>\n"),
            written("Erasure of my data", plea + inquiry.body, sender),
            written("Erasure of my data", plea + quoted, sender, "Return-Path: <>\n"),
        ):
            assert screen(read(raw), POLICY).decision is Decision.ACCEPT
            assert screen(read(raw), POLICY).kind == "person"


@pytest.mark.parametrize("text", ["", "Please erase my data."])
def test_a_mailer_daemon_that_tells_of_no_delivery_is_kept_and_not_answered(text: str) -> None:
    verdict = screen(read(written("Hello", text, "MAILER-DAEMON@x.example")), POLICY)
    assert (verdict.decision, verdict.rule) == (Decision.ACCEPT, "role_sender")


def test_a_script_that_turns_a_letter_down_is_a_bounce_though_it_calls_itself_a_receipt() -> None:
    report = (
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nYour message to <jana@example.org> was "
        "automatically rejected:\nQuota exceeded\n--b\nContent-Type: message/disposition-notification\n\nDisposition: "
        "automatic-action/MDN-sent-automatically; deleted\n--b--"
    )
    assert is_bounce(b"From: jana@example.org\nSubject: Automatically rejected mail\n" + report.encode())


def test_a_hostile_megabyte_is_looked_at_in_part_only() -> None:
    lines = "the following addresses had\n" + ("x" * 390 + "@\n") * 2_000
    assert screen(read(written("Mail delivery failed", lines, "postmaster@x.example")), POLICY).kind in {"bounce", "person"}


def test_a_warning_is_told_from_a_failure() -> None:
    texts = {path.stem for path in RETURNED if is_only_a_warning(read(path.read_bytes()))}
    assert texts == {"exim_warn"}


def test_a_bounce_without_the_parts_of_one_names_the_letter_all_the_same() -> None:
    names = {path.stem for path in RETURNED if "<ack.1@acme.example>" in bounced_message_ids(read(path.read_bytes()))}
    assert names >= {"yahoo", "gmx", "message_log", "sendmail_5", "imail", "notes", "groupwise", "only_words", "icloud", "x400"}


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Mail delivery problem with your server",
            "Your server turns our mails away with 550 5.7.1. One of our users asks about her data.",
        ),
        (
            "Undeliverable",
            "I am the postmaster here. I cannot reach your privacy officer, only code 5.1.1. Please erase the data of Mrs Muster.",
        ),
        (
            "Rejected: our mails to you",
            "Guten Tag, seit gestern antwortet Ihr Server mit 554 5.7.1. Bitte nennen Sie mir einen Ansprechpartner.",
        ),
    ],
)
def test_a_postmaster_who_names_an_error_code_in_a_letter_of_their_own_is_a_person(subject: str, text: str) -> None:
    verdict = screen(read(written(subject, text, "Uwe Technik <postmaster@small.example>")), POLICY)
    assert (verdict.decision, verdict.kind) == (Decision.ACCEPT, "person")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Boîte aux lettres pleine", "La boîte aux lettres de jana@example.org est pleine. Votre message n'a pas été délivré."),
        ("Postfach voll", "Ihre E-Mail an jana@example.org konnte nicht zugestellt werden, da das Postfach des Empfängers voll ist."),
        ("Buzón lleno", "El mensaje para jana@example.org no se pudo entregar: el buzón está lleno."),
        ("Kan inte levereras: Din begäran", "Det gick inte att leverera till följande mottagare: jana@example.org\n\n550 5.1.1 not found"),
    ],
)
def test_a_full_mailbox_in_the_subject_and_below_it_is_a_bounce(subject: str, text: str) -> None:
    assert is_bounce(written(subject, text, "Postmaster <postmaster@isp.example>"))


def test_a_sending_service_that_calls_the_bounce_hard_or_soft_is_one() -> None:
    text = "The following message to jana@example.org was undeliverable.\n\nsmtp;550 5.1.1 The account does not exist."
    assert is_bounce(written("Hard bounce: Your request", text, "Sender <support@esp.example>", "Auto-Submitted: auto-generated\n"))
    assert not is_bounce(written("Soft bounce of your ball", "Please erase my data.", headers="Auto-Submitted: auto-generated\n"))


def test_a_bounce_that_a_ticket_system_copied_with_a_number_before_the_subject_is_one() -> None:
    text = "This is the mail system at host mx.example.\n\nI'm sorry.\n\n<jana@example.org>: host mx said: 550 5.1.1 User unknown"
    assert is_bounce(written("Ticket 8812: Undelivered Mail Returned to Sender", text, "Desk <desk@acme.example>"))
    asked = f"My mail came back, please erase my data.\n\n{text}"
    assert not is_bounce(written("Ticket 8812: Undelivered Mail Returned to Sender", asked))


def test_a_small_firm_at_admin_may_call_letters_undeliverable() -> None:
    text = "Your letters to our tenants are undeliverable, we return them. Remove the address from your database."
    assert screen(read(written("Undeliverable letters", text, "Hausverwaltung <admin@small.example>")), POLICY).rule == "person"
    returned = "Your message to jana@example.org is undeliverable."
    assert is_bounce(written("Undeliverable: Your request", returned, "Administrator <admin@small.example>"))
