"""Several people in one mail are flagged; one person with several addresses is not."""

import pytest

from bot.asking.several import CAUTION
from tests.asking.mails import asked

JO = "Jo Doe <jo.doe@home.example>"


@pytest.mark.parametrize(
    "text",
    [
        "Please delete us both.", "My wife and I want our data deleted.", "Please delete the data of the following people.",
        "Bitte löschen Sie uns beide.", "Meine Frau und ich möchten gelöscht werden.", "Löschen Sie mich und meinen Mann.",
        "Supprimez-nous tous les deux.", "Ma femme et moi demandons la suppression.", "Mi mujer y yo pedimos la supresión.",
        "Mia moglie e io chiediamo la cancellazione.", "Mijn man en ik willen verwijderd worden.", "Moja żona i ja prosimy o usunięcie.",
        "Usuńcie dane nas obojga.", "O meu marido e eu pedimos o apagamento.", "Manželka a já žádáme o výmaz.", "Ta bort oss båda.",
        "Delete:\nben.roe@mail.example\nkim.poe@post.example", "Please delete a.smith@x.example, b.jones@y.example and c.miller@z.example.",
        "Please delete:\n1. Ben Roe, 12.03.1980\n2. Kim Poe, 01.02.1984", "Ben Roe; born 12/03/1980\nKim Poe; born 01/02/1984",
    ],
)  # fmt: skip
def test_several_people_are_seen(text: str) -> None:
    assert CAUTION in asked(text, sender=JO, subject="x").cautions


@pytest.mark.parametrize(
    "text",
    [
        "Please delete my data.", "My addresses are jd@mail.example and kim77@post.example.",
        "Meine E-Mail-Adressen: a1@x.example, b2@y.example",
        "Delete jo.doe@old.example and doe@other.example.", "I wrote to info@shop.example and support@shop.example.",
        "I wrote to ann@example.test and privacy@example.test.", "I wrote to kim@shop.example about it.",
        "Erste Bestellung, 12.03.2026\nZweite Bestellung, 14.04.2026", "Order Date: 12.03.1980\nDelivery Date: 13.03.1980",
        "Both accounts please.", "Bitte beide Konten löschen.",
    ],
)  # fmt: skip
def test_one_person_is_left_alone(text: str) -> None:
    assert asked(text, sender=JO, subject="x").cautions == ()


def test_several_writers_are_seen() -> None:
    assert CAUTION in asked("Delete it.", sender="Jo <jo@home.example>, Kim <kim@home.example>", subject="x").cautions


def test_addresses_in_a_quote_are_not_the_writers_words() -> None:
    quoted = "Yes please.\n\nOn Mon, 23 Nov 2026 at 09:00, Shop <shop@example.test> wrote:\n> ben.roe@mail.example kim.poe@post.example\n"
    assert asked(quoted, sender=JO, subject="Re: x").cautions == ()
