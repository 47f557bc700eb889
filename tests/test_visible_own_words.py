"""Own words that look like a quote, a header block or a signature, and quotes that look like own words."""

import pytest

from bot.reading.visible_text import separate

OWN = "Please erase my data."


def test_yahoo_on_a_phone_writes_the_first_words_of_the_quote_behind_the_attribution() -> None:
    quote = "  On Mon, 2 Nov 2026 at 8:00, Acme<news@acme.example> wrote:   Dear Jana,\nbuy our lamps.\n"
    assert separate(f"{OWN}\n\n{quote}").text == OWN
    assert separate(f"{OWN}\n\nOn 2 Nov 2026 at 8:00 news@acme.example wrote: buy lamps.\n").text.endswith("buy lamps.")


def test_the_rest_of_a_quoted_line_that_was_folded_is_quote_as_well() -> None:
    long_line = "> Please tell us your present postcode so that we can find you in our"
    assert separate(f"{OWN}\n\n{long_line}\nsystem\n> and delete the record.\n").text == OWN
    for answer in ("Berlin", "10115, in Berlin"):
        assert separate(f"{long_line} system?\n{answer}\n> and your street?\n").text == answer


def test_a_line_that_a_mailbox_file_escaped_is_no_quote() -> None:
    assert separate(f"{OWN}\n\n>From now on write no more.\n").text == f"{OWN}\n\nFrom now on write no more."
    assert separate(f"{OWN}\n\n>From our shop:\n>lamps\n").text == OWN


@pytest.mark.parametrize("delimiter", ["\n-- ", "____________"])
def test_a_greeting_above_the_line_that_begins_the_signature_is_the_writers(delimiter: str) -> None:
    letter = f"{OWN}\n\nBest wishes\nJana"
    assert separate(f"{letter}\n{delimiter}\nJana Beispiel\n+49 30 1234567\n").text == letter


@pytest.mark.parametrize("body", [
    "You wrote on 2 November 2026 at 10:00:\n\nthat is not what I asked. Erase my data.",
    "My addresses are jana@example.org and, since 2019:\n\njana@home.example. Erase both.",
    "Sehr geehrte Damen und Herren,\n\nBetreff: Auskunft\nKundennummer: 123\n\nbitte geben Sie mir Auskunft.",
    "Subject: Erasure\nDear team,\n\nplease erase my data.",
    "From: my new flat I write to you\nSubject: to change, the address is:\nMain Street 1",
    "Date: 2 November 2026\nSubject: Access request\n\nDear Sir or Madam,\n\nI want a copy of my data.",
    "Name: Jana\nEmail: jana@example.org\nSubject: Data\nMessage: erase me",
    "Hello,\n\nas agreed on 2.11.2026 at 10:00 my new address is jana@new.example:\n\nplease change it.",
    "Hello,\n\non 2.11.2026 at 10:00 your Ms Klein (klein@acme.example) wrote:\n\n\"We keep it.\"\n\nErase my data.",
    "Hola,\n\nel 2/11/2026 a las 14:30 su agente me escribió:\n\nya no hay datos.\n\nEs falso.",
    "Здравствуйте,\n\n2.11.2026 в 14:30 ваш сотрудник написал мне:\n\nданных нет.\n\nЭто неправда.",
    "Hello,\n\n02.11.2026 14:30:11 login jana@example.org from 192.0.2.1:\nOK\n\nWho was it?",
    "Please correct my booking:\n\nFrom: London\nTo: Paris\nDate: 2 Nov 2026 14:30\n\nMy name is wrong there.",
    "Hello,\n\nSent via your app, my photo went public. Delete it.",
    "Hallo,\n\nOutlook für iOS zeigt Werbung. Wie bestelle ich das ab?",
    "My accounts\n===========\njana@example.org\njana@home.example\n\nDelete these.",
    "Article 17 says:\n\n> The data subject shall have the right to obtain erasure.\n\nI use that right.",
    "I ask for three things:\n\n> a copy\n\n> erasure\n\n> an answer\n\nThanks",
    "Your program shows:\n\nfrom: 2026-01-01\nto: 2026-11-30\nsubject: jana@example.org\n\nErase that.",
    "Hello,\n\n>>> erase my data <<<\n\nJana",
    "Original message\n\nI never got your original message.",
    "Sent from your shop to me, I got three letters I never wanted.\n\nStop that.",
    "Best regards to your team first of all.\n\nNow erase my data. Call 030 1234567 if in doubt.",
    "Thanks\n\nI would also like to know who got my telephone number +49 30 1234567 from you.\n\nJana",
    "This message is private.\n\nPlease treat it as confidential and as intended for the data protection officer only.",
    "I want three things:\n\n---\n1. a copy\n2. erasure\n3. an answer to all of my questions about it.",
    "Hello,\n\n---\n\nPlease unsubscribe me from the mailing list and tell me who gave you jana@example.org.",
    "- please erase me\n- please tell me\n\nJana",
    "Hello\n\nJana Beispiel\n\nP.S. My number is 123.",
    "Regards\nJana",
])  # fmt: skip
def test_own_words_that_look_like_something_else_stay(body: str) -> None:
    assert separate(body).text == body
