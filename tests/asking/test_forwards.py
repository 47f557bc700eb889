"""A colleague's forward: the requester and the date out of what every client writes above it; a stranger's forward stays theirs."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from bot.asking.forwards import CONFIRM, NO_DATE, NO_REQUESTER, is_forward
from bot.asking.whom import who_asks
from bot.inquiry import Inquiry
from bot.parsing import parse_email
from tests.asking.mails import ANN, HOUSE, NOW, asked

JO = "jo@home.example"
NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

PLAIN = {
    "Gmail, English": """\
        Please handle.

        ---------- Forwarded message ---------
        From: Jo Doe <jo@home.example>
        Date: Mon, Nov 23, 2026 at 9:00 AM
        Subject: My data
        To: <info@example.test>


        TEXT""",
    "Gmail, German": """\
        ---------- Forwarded message ---------
        Von: Jo Doe <jo@home.example>
        Date: Mo., 23. Nov. 2026 um 09:00 Uhr
        Subject: Löschung
        To: <info@example.test>

        TEXT""",
    "Outlook, German": """\
        Bitte übernehmen.

        -----Ursprüngliche Nachricht-----
        Von: Jo Doe [mailto:jo@home.example]
        Gesendet: Montag, 23. November 2026 09:00
        An: Info <info@example.test>
        Betreff: Löschung

        TEXT""",
    "Outlook, French": """\
        De : Jo Doe <jo@home.example>
        Envoyé : lundi 23 novembre 2026 09:00
        À : Info <info@example.test>
        Objet : Mes données

        TEXT""",
    "Outlook, Spanish": """\
        De: Jo Doe <jo@home.example>
        Enviado el: lunes, 23 de noviembre de 2026 9:00
        Para: Info <info@example.test>
        Asunto: Mis datos

        TEXT""",
    "Outlook, Italian": """\
        Da: Jo Doe <jo@home.example>
        Inviato: lunedì 23 novembre 2026 09:00
        A: Info <info@example.test>
        Oggetto: I miei dati

        TEXT""",
    "Outlook, Dutch": """\
        Van: Jo Doe <jo@home.example>
        Verzonden: maandag 23 november 2026 09:00
        Aan: Info <info@example.test>
        Onderwerp: Mijn gegevens

        TEXT""",
    "Outlook, Polish": """\
        Od: Jo Doe <jo@home.example>
        Wysłano: poniedziałek, 23 listopada 2026 09:00
        Do: Info <info@example.test>
        Temat: Moje dane

        TEXT""",
    "Outlook, Portuguese": """\
        De: Jo Doe <jo@home.example>
        Enviada: segunda-feira, 23 de novembro de 2026 09:00
        Para: Info <info@example.test>
        Assunto: Os meus dados

        TEXT""",
    "Outlook, Romanian": """\
        De la: Jo Doe <jo@home.example>
        Trimis: luni, 23 noiembrie 2026 09:00
        Către: Info <info@example.test>
        Subiect: Datele mele

        TEXT""",
    "Outlook, Swedish": """\
        Från: Jo Doe <jo@home.example>
        Skickat: den 23 november 2026 09:00
        Till: Info <info@example.test>
        Ämne: Mina uppgifter

        TEXT""",
    "Outlook, Finnish": """\
        Lähettäjä: Jo Doe <jo@home.example>
        Lähetetty: maanantai 23. marraskuuta 2026 9.00
        Vastaanottaja: Info <info@example.test>
        Aihe: Tietoni

        TEXT""",
    "Outlook, Czech": """\
        Od: Jo Doe <jo@home.example>
        Odesláno: pondělí 23. listopadu 2026 9:00
        Komu: Info <info@example.test>
        Předmět: Moje údaje

        TEXT""",
    "Outlook, Hungarian": """\
        Feladó: Jo Doe <jo@home.example>
        Elküldve: 2026. november 23., hétfő 9:00
        Címzett: Info <info@example.test>
        Tárgy: Adataim

        TEXT""",
    "Outlook, Greek": """\
        Από: Jo Doe <jo@home.example>
        Στάλθηκε: Δευτέρα, 23 Νοεμβρίου 2026 9:00 πμ
        Προς: Info <info@example.test>
        Θέμα: Τα δεδομένα μου

        TEXT""",
    "Outlook, Bulgarian": """\
        От: Jo Doe <jo@home.example>
        Изпратено: понеделник, 23 ноември 2026 г. 09:00
        До: Info <info@example.test>
        Относно: Моите данни

        TEXT""",
    "Outlook for phones": """\
        From: Jo Doe <jo@home.example<mailto:jo@home.example>>
        Sent: Monday, November 23, 2026 9:00:05 AM
        To: Info <info@example.test<mailto:info@example.test>>
        Subject: My data

        TEXT""",
    "Apple Mail": """\
        Begin forwarded message:

        > From: Jo Doe <jo@home.example>
        > Subject: My data
        > Date: 23 November 2026 at 09:00:00 CET
        > To: info@example.test
        >
        > TEXT""",
    "Thunderbird": """\
        -------- Weitergeleitete Nachricht --------
        Betreff: \tLöschung
        Datum: \tMon, 23 Nov 2026 09:00:00 +0100
        Von: \tJo Doe <jo@home.example>
        An: \tinfo@example.test

        TEXT""",
    "web.de": """\
        Gesendet: Montag, 23. November 2026 um 09:00 Uhr
        Von: "Jo Doe" <jo@home.example>
        An: info@example.test
        Betreff: Löschung

        TEXT""",
    "Yahoo": """\
        ----- Forwarded Message -----
        From: Jo Doe <jo@home.example>
        To: info@example.test <info@example.test>
        Sent: Monday, November 23, 2026 at 09:00:00 AM GMT+1
        Subject: My data

        TEXT""",
    "Proton": """\
        ------- Forwarded Message -------
        From: Jo Doe <jo@home.example>
        Date: On Monday, November 23rd, 2026 at 9:00 AM
        Subject: My data
        To: info@example.test

        TEXT""",
    "a reply with the mailbox in copy": """\
        We'll see to it.

        On Mon, 23 Nov 2026 at 09:00, Jo Doe <jo@home.example> wrote:
        > TEXT""",
}
HTML = {
    "Outlook": """<p>Kannst du?</p><div><hr><p><b>Von:</b> Jo Doe &lt;jo@home.example&gt;<br>
        <b>Gesendet:</b> Montag, 23. November 2026 09:00<br><b>An:</b> Info &lt;info@example.test&gt;<br><b>Betreff:</b> x</p>
        <p>TEXT</p></div>""",
    "Gmail": """<div>look<br><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>
        De : <strong>Jo Doe</strong> <span>&lt;<a href="mailto:jo@home.example">jo@home.example</a>&gt;</span><br>
        Date: lun. 23 nov. 2026 à 09:00<br>Subject: x<br>To: &lt;info@example.test&gt;<br></div><br>TEXT</div></div>""",
    "Thunderbird": """<p>look</p><div class="moz-forward-container">-------- Forwarded Message --------<table><tbody>
        <tr><th>Subject: </th><td>x</td></tr><tr><th>Date: </th><td>Mon, 23 Nov 2026 09:00:00 +0100</td></tr>
        <tr><th>From: </th><td>Jo Doe <a href="mailto:jo@home.example">&lt;jo@home.example&gt;</a></td></tr>
        <tr><th>To: </th><td>info@example.test</td></tr></tbody></table><p>TEXT</p></div>""",
}
SUBJECTS = ["Fwd: x", "FW: x", "WG: x", "TR : x", "RV: x", "Doorst: x", "PD: x", "[EXT] Fwd: x", "ΠΡΘ: x", "转发：x"]


def dedented(text: str) -> str:
    return "\n".join(line.removeprefix("        ") for line in text.split("\n"))


@pytest.mark.parametrize("client", PLAIN)
def test_shows_requester_date_and_words_whatever_the_client(client: str) -> None:
    inquiry = asked(dedented(PLAIN[client]).replace("TEXT", "Please delete all my data."), subject="WG: x")
    assert inquiry.forward is not None
    assert (inquiry.requester.address, inquiry.requester.name) == (JO, "Jo Doe")
    assert inquiry.first_received_at.astimezone(UTC).replace(second=0) == NINE
    assert inquiry.text == "Please delete all my data."
    assert inquiry.cautions == (CONFIRM,)
    assert inquiry.sender.address == "ann@example.test"


@pytest.mark.parametrize("client", HTML)
def test_shows_them_in_html_too(client: str) -> None:
    inquiry = asked(HTML[client].replace("TEXT", "Please delete all my data."), kind="text/html; charset=utf-8")
    assert (inquiry.requester.address, inquiry.text) == (JO, "Please delete all my data.")
    assert inquiry.first_received_at.astimezone(UTC) == NINE


def block(sender: str, words: str, date: str = "Monday, November 23, 2026 9:00 AM") -> str:
    return f"From: {sender}\nSent: {date}\nTo: Someone\nSubject: x\n\n{words}\n\n"


class TestSeveralMailsInOne:
    def test_the_first_who_is_no_colleague_asks(self) -> None:
        inquiry = asked(
            "FYI\n\n" + block("Bob <bob@example.test>", "see below") + block("Jo Doe <jo@home.example>", "Delete me.")
            + block("News <news@shop.example>", "Sale!")
        )  # fmt: skip
        assert (inquiry.requester.address, inquiry.text) == (JO, "Delete me.")
        assert inquiry.forward is not None
        assert inquiry.forward.note == "FYI"

    def test_a_name_without_an_address_is_a_colleague_where_somebody_else_has_one(self) -> None:
        inquiry = asked(block("Boss, Bob", "see below") + block("Jo Doe <jo@home.example>", "Delete me."))
        assert inquiry.requester.address == JO

    def test_among_colleagues_only_the_first_writer_asks(self) -> None:
        inquiry = asked(block("Bob <bob@example.test>", "from Cem:") + block("Cem <cem@example.test>", "Which data do you hold about me?"))
        assert (inquiry.requester.address, inquiry.text) == ("cem@example.test", "Which data do you hold about me?")

    def test_a_colleagues_reply_in_a_talk_among_colleagues_is_their_own(self) -> None:
        assert asked("My own data, please.\n\n" + block("Bob <bob@example.test>", "Ask privacy@."), subject="Re: data").forward is None


class TestAttachedMail:
    @staticmethod
    def forward(original: EmailMessage, note: str = "Please handle.") -> bytes:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = ANN, "privacy@example.test", "a request", "<f@b.example>"
        mail.set_content(note)
        mail.add_attachment(original)
        return mail.as_bytes()

    @staticmethod
    def original(sender: str = "Jo Doe <jo@home.example>", **fields: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["Subject"], mail["Date"] = sender, "My data", "Mon, 23 Nov 2026 08:30:00 +0100"
        for name, value in fields.items():
            mail[name] = value
        mail.set_content("Please delete all my data.")
        return mail

    def test_shows_requester_and_when_our_server_took_it(self) -> None:
        received = "from mx.home.example by mx.example.test with ESMTP id 1; Mon, 23 Nov 2026 09:00:00 +0100"
        inquiry = who(self.forward(self.original(Received=received)))
        assert (inquiry.requester.address, inquiry.text) == (JO, "Please delete all my data.")
        assert inquiry.first_received_at == NINE
        assert inquiry.forward is not None
        assert inquiry.forward.note == "Please handle."

    def test_within_a_colleagues_forward_is_found(self) -> None:
        inner = EmailMessage()
        inner["From"], inner["Subject"] = "Bob <bob@example.test>", "FW: x"
        inner.set_content("from a customer")
        inner.add_attachment(self.original())
        assert who(self.forward(inner)).requester.address == JO

    def test_of_outlooks_own_format_can_not_be_read_and_says_so(self) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = ANN, "privacy@example.test", "a request"
        mail.set_content("Please handle.")
        mail.add_attachment(b"\xd0\xcf\x11\xe0", maintype="application", subtype="vnd.ms-outlook", filename="request.msg")
        inquiry = who(mail.as_bytes())
        assert (inquiry.requester.address, inquiry.first_received_at, inquiry.cautions) == ("", NOW, (NO_REQUESTER,))


def who(raw: bytes) -> Inquiry:
    return who_asks(parse_email(raw, NOW), HOUSE)


class TestWhatIsMissing:
    def test_a_name_alone_leaves_the_address_to_a_person(self) -> None:
        inquiry = asked(block("Jo Doe", "Delete me."))
        assert (inquiry.requester.address, inquiry.requester.name, inquiry.text) == ("", "Jo Doe", "Delete me.")
        assert inquiry.cautions == (CONFIRM, NO_REQUESTER)

    def test_no_block_at_all_leaves_everything_to_a_person(self) -> None:
        inquiry = asked("A customer on the phone wants to be deleted.")
        assert (inquiry.requester.address, inquiry.first_received_at, inquiry.cautions) == ("", NOW, (NO_REQUESTER,))

    @pytest.mark.parametrize("date", ["the other day", "Monday, November 23, 2020 9:00 AM", "Monday, January 4, 2027 9:00 AM"])
    def test_a_date_that_can_not_be_true_starts_the_clock_with_the_forward(self, date: str) -> None:
        inquiry = asked(block("Jo Doe <jo@home.example>", "Delete me.", date))
        assert (inquiry.first_received_at, inquiry.cautions) == (NOW, (CONFIRM, NO_DATE))


class TestWhoIsAColleague:
    @pytest.mark.parametrize("sender", ["jo@home.example", "jo@example.test.evil.example", "jo@notexample.test", ""])
    def test_a_strangers_forward_stays_theirs(self, sender: str) -> None:
        inquiry = asked("Unsubscribe me.\n\n" + block("News <news@shop.example>", "Sale!"), sender=sender)
        assert (inquiry.forward, inquiry.text) == (None, "Unsubscribe me.")

    @pytest.mark.parametrize("sender", ["ann@mail.example.test", "dpo@example.test", "privacy@example.test", "privacy+fw@example.test"])
    def test_our_domain_and_what_lies_below_it_are(self, sender: str) -> None:
        assert asked(block("Jo Doe <jo@home.example>", "Delete me."), sender=sender).requester.address == JO

    def test_a_robot_of_ours_is_not(self) -> None:
        assert asked(block("Jo Doe <jo@home.example>", "x"), sender="postmaster@example.test").forward is None

    def test_a_colleagues_own_letter_is_their_own(self) -> None:
        assert asked("What do you hold about me?", subject="My data").forward is None


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_of_a_forward_is_known(subject: str) -> None:
    assert is_forward(subject)


@pytest.mark.parametrize("subject", ["Re: Fwd: x", "AW: WG: x", "x", "VS: x", "Forward: looking", "", ": x"])
def test_a_subject_that_may_be_a_reply_is_none(subject: str) -> None:
    assert not is_forward(subject)
