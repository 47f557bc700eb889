"""Visible text: the writer's own words told from quotes, forwarded mail, signatures and disclaimers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.html_text import to_text
from bot.reading.visible_text import MAX_LINES, separate

OWN = "Please erase my data."

ATTRIBUTIONS = [
    "On Mon, 2 Nov 2026 at 08:00, Acme <news@acme.example> wrote:",
    "On Mon, 2 Nov 2026 at 08:00, Acme and its many friends\n<news@acme.example> wrote:",
    "Am 02.11.2026 um 08:00 schrieb Acme <news@acme.example>:",
    "Acme <news@acme.example> schrieb am Mo., 2. Nov. 2026, 08:00:",
    "Le lun. 2 nov. 2026 à 08:00, Acme <news@acme.example> a écrit\xa0:",
    "El lun, 2 nov 2026 a las 8:00, Acme (<news@acme.example>) escribió:",
    "Il giorno lun 2 nov 2026 alle ore 08:00 Acme <news@acme.example> ha scritto:",
    "Op ma 2 nov 2026 om 08:00 schreef Acme <news@acme.example>:",
    "Acme <news@acme.example> escreveu (segunda, 2/11/2026 à(s) 08:00):",
    "pon., 2 lis 2026 o 08:00 Acme <news@acme.example> napisał(a):",
    "W dniu 2.11.2026 o 08:00, Acme pisze:",
    "po 2. 11. 2026 v 8:00 odesílatel Acme <news@acme.example> napsal:",
    "po 2. 11. 2026 o 8:00 Acme <news@acme.example> napísal(a):",
    "V pon., 2. nov. 2026 ob 08:00 je oseba Acme <news@acme.example> napisala:",
    "pon, 2. stu 2026. u 08:00 Acme <news@acme.example> napisao je:",
    "Acme <news@acme.example> ezt írta (időpont: 2026. nov. 2., H, 8:00):",
    "În lun., 2 nov. 2026 la 08:00, Acme <news@acme.example> a scris:",
    "На пн, 2.11.2026 г. в 8:00 Acme <news@acme.example> написа:",
    "Στις Δευ 2 Νοε 2026 στις 8:00 π.μ., Acme <news@acme.example> έγραψε:",
    "2026-11-02, pr, 08:00 Acme <news@acme.example> rašė:",
    "pirmd., 2026. g. 2. nov., plkst. 08:00 — lietotājs Acme (<news@acme.example>) rakstīja:",
    "Kontakt Acme (<news@acme.example>) kirjutas kuupäeval E, 2. november 2026 kell 08:00:",
    "Den mån 2 nov. 2026 kl 08:00 skrev Acme <news@acme.example>:",
    "Den man. 2. nov. 2026 kl. 08.00 skrev Acme <news@acme.example>:",
    "ma 2. marrask. 2026 klo 8.00 Acme (news@acme.example) kirjoitti:",
    "Ar Luan 2 Samh 2026 ag 08:00, scríobh Acme <news@acme.example>:",
    "Fil-Tnejn, 2 ta’ Nov 2026 fi 08:00 Acme <news@acme.example> kiteb:",
]

HEADER_BLOCKS = [
    "From: Acme <news@acme.example>\nSent: Monday\nTo: Jana\nSubject: News",
    "________________________________\nVon: Acme\nGesendet: Montag\nAn: Jana\nCc: Kim\nBetreff: Neues",
    "*De :* Acme\n*Envoyé :* lundi\n*À :* Jana\n*Objet :* Nouvelles",
    "De: Acme\nEnviado el: lunes\nPara: Jana\nAsunto: Noticias",
    "Da: Acme\nInviato: lunedì\nA: Jana\nOggetto: Notizie",
    "Van: Acme\nVerzonden: maandag\nAan: Jana\nOnderwerp: Nieuws",
    "Od: Acme\nWysłano: poniedziałek\nDo: Jana\nTemat: Nowości",
    "Od: Acme\nOdesláno: pondělí\nKomu: Jana\nPředmět: Novinky",
    "Från: Acme\nSkickat: måndag\nTill: Jana\nÄmne: Nytt",
    "Fra: Acme\nSendt: mandag\nTil: Jana\nEmne: Nyt",
    "Lähettäjä: Acme\nLähetetty: maanantai\nVastaanottaja: Jana\nAihe: Uutiset",
    "Feladó: Acme\nElküldve: hétfő\nCímzett: Jana\nTárgy: Hírek",
    "От: Acme\nИзпратено: понеделник\nДо: Jana\nОтносно: Новини",
    "Από: Acme\nΣτάλθηκε: Δευτέρα\nΠρος: Jana\nΘέμα: Νέα",
    "-----Original Message-----\nFrom: Acme\nSent: Monday\nTo: Jana\nSubject: News",
    "-----Ursprüngliche Nachricht-----\nVon: Acme\nGesendet: Montag\nAn: Jana\nBetreff: Neues",
    "-------- Message d'origine --------\nDe : Acme\nDate : 02/11/2026\nÀ : Jana\nObjet : Nouvelles",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_it_takes_the_reply_above_and_below_a_marked_quote(attribution: str) -> None:
    quote = "> Buy our lamps.\n> They shine."
    assert separate(f"{OWN}\n\n{attribution}\n\n{quote}\n").text == OWN
    below = separate(f"{attribution}\n{quote}\n\n{OWN}\n")
    assert below.text == OWN
    assert "lamps" in below.quoted


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_it_takes_the_reply_above_an_unmarked_quote(attribution: str) -> None:
    visible = separate(f"{OWN}\n\n{attribution}\n\nBuy our lamps.\n")
    assert (visible.text, "lamps" in visible.quoted) == (OWN, True)


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_it_knows_the_header_block_of_an_earlier_mail(block: str) -> None:
    visible = separate(f"{OWN}\n\n{block}\n\nBuy our lamps.\n")
    assert (visible.text, "lamps" in visible.quoted) == (OWN, True)


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_a_forward_without_own_words_is_the_forwarded_words(block: str) -> None:
    assert separate(f"\n\n{block}\n\n{OWN}\n").text == OWN


def test_answers_between_the_quotes_are_kept_in_order() -> None:
    visible = separate("Am 2.11.2026 um 8:00 schrieb Acme:\n> Do you want lamps?\nNo.\n> May we keep your data?\nNo, erase it.\n")
    assert visible.text == "No.\nNo, erase it."


def test_a_colleague_who_passes_a_mail_on_lets_the_requester_speak() -> None:
    assert OWN in separate(f"FYI\n\nFrom: Jana <jana@example.org>\nSent: Monday\nTo: info\nSubject: data\n\n{OWN}\n").text


def test_a_forward_in_a_forward_is_opened() -> None:
    inner = f"---------- Forwarded message ---------\nFrom: Jana <jana@example.org>\nDate: Monday\nSubject: x\n\n{OWN}\n"
    assert separate(f"Begin forwarded message:\n\nFrom: Kim\nDate: Monday\nSubject: x\n\n{inner}").text == OWN


@pytest.mark.parametrize(
    "body",
    [
        "In your letter of 3 March 2026 you wrote:\n\nwe keep your data. I object.",
        "Von meinem Handy soll die Nummer gelöscht werden.",
        "This message is confidential and intended for your privacy officer as addressee: please erase my data and tell nobody about it.",
        "From: here on I want no letters.\nTo: nobody else.",
        "I have three wishes:\n-- erase me\n-- tell me\n-- stop",
        "Hello\n--\n" + "A long letter goes on here.\n" * 30 + "The end.",
    ],
)
def test_own_words_that_look_like_something_else_stay(body: str) -> None:
    assert separate(body).text == body


@pytest.mark.parametrize(
    "line",
    ["Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "Enviado desde mi iPhone", "Inviato da iPhone",
     "Verstuurd vanaf mijn iPhone",
     "Wysłane z iPhone'a", "Odesláno z iPhonu", "Skickat från min iPhone", "Sendt fra min iPhone", "Get Outlook for Android<https://example.org/x>",
     "Gesendet mit der GMX Mail App", "Az iPhone-omról küldve", "Lähetetty iPhonesta"],
)  # fmt: skip
def test_a_line_of_the_client_is_no_word_of_the_writer(line: str) -> None:
    visible = separate(f"{OWN}\n\n{line}\n")
    assert visible.text == OWN


def test_signature_and_disclaimer_are_told_apart() -> None:
    notice = "This e-mail is confidential and intended only for the addressee. If you got it in error, notify the sender and delete it."
    visible = separate(f"{OWN}\n\n-- \nJana Beispiel\nExample Street 1\n\n> old\n\nOne thing more.\n\n{notice}\n")
    assert visible.text == f"{OWN}\n\nOne thing more."
    assert "Example Street" in visible.signature
    assert visible.disclaimer == notice


def test_a_mail_that_is_nothing_but_a_signature_keeps_it() -> None:
    assert separate("Sent from my iPhone\n").text == "Sent from my iPhone"


def test_a_clear_signed_mail_is_its_text() -> None:
    armour = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{}\n-----BEGIN PGP SIGNATURE-----\n\nabc=\n-----END PGP SIGNATURE-----\n"
    assert separate(armour.format(OWN)).text == OWN


@pytest.mark.parametrize(
    "line",
    ["\n", ">", "> ", "-- \n", "On x 10:00 wrote:\n", "From: a\n", "> a\nOn x 10:00 wrote:\n", "--\nabc\n", " \n", ":\n", "a" * 9 + "\n"],
)
def test_a_megabyte_of_anything_comes_back(line: str) -> None:
    body = (line * (1_000_000 // len(line)))[:1_000_000]
    visible = separate(body)
    assert bool(visible.text) == bool(body.strip("\n "))


def test_a_letter_longer_than_the_line_limit_loses_nothing() -> None:
    body = "word\n" * (MAX_LINES + 500) + OWN
    assert separate(body).text.endswith(OWN)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*ATTRIBUTIONS, *HEADER_BLOCKS, "> q", ">> q", "", "-- ", "own words", "Sent from my iPhone", "FYI", "____", "x:"]),
        max_size=12,
    )
)
def test_every_word_ends_up_somewhere(lines: list[str]) -> None:
    body = "\n".join(lines)
    visible = separate(body)
    kept = " ".join([visible.text, visible.quoted, visible.signature, visible.disclaimer])
    assert all(word in kept for word in body.split())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two <b>bold</b></p>", "One\n\nTwo bold"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<style>x</style><script>y</script><div hidden>z</div><div style='DISPLAY : none'>w</div>seen", "seen"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><td>Name</td><td>Jana</td></tr><tr><td>City</td><td>Bonn</td></tr></table>", "Name Jana\nCity Bonn"),
        ("me<blockquote type=cite>they<blockquote class=gmail_quote>we</blockquote></blockquote>me", "me\n> they\n> > we\n>\nme"),
        ("<blockquote style='margin-left:40px'>indented own words</blockquote>", "indented own words"),
        ("Gr&uuml;&szlig;e &lt;jana@example.org&gt; &#x1F600;", "Grüße <jana@example.org> 😀"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("", ""),
    ],
)
def test_html_reads_as_a_person_sees_it(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    "html", ["<div>" * 200_000, "<a href=x>link</a>" * 50_000, "<" * 1_000_000, "<table><tr><td>x" * 60_000, "<b><p>" * 100_000]
)
def test_monstrous_html_comes_back(html: str) -> None:
    assert isinstance(to_text(html), str)
