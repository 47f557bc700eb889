"""Segments: whose words count."""

import pytest

from intents.segments import own_text

HEAD = "Von: Laden <news@laden.example>\nGesendet: Montag, 3. Mai 10:04\nAn: Ada\nBetreff: Rabatt\n\n"


def words(text: str) -> str:
    return " ".join(own_text(text).split())


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Re: account\n\nAll done, thanks.\n\nOn 3 May at 10:04 Ada wrote:\n> delete my account", "Re: account All done, thanks."),
        ("AW: Konto\n\nDanke!\nAm 14.04. schrieb Ines <ines@x.example>:\n> Bitte löschen\n> Sie alles", "AW: Konto Danke!"),
        ("\n\n> What do you want?\nA copy of my data, please.\n> And your name?\nAda", "A copy of my data, please. Ada"),
        (f"Re: x\n\nStop it now, please.\n\n{HEAD}Kaufen Sie!", "Re: x Stop it now, please."),
        (
            f"Re: x\n\nMy answers are below.\n\n{HEAD}> Name?\nAda\n> What?\nDelete my account.",
            f"Re: x My answers are below. {' '.join(HEAD.split())} Ada Delete my account.",
        ),
    ],
)
def test_quotes_are_left_out_and_what_stands_beside_them_is_not(text: str, own: str) -> None:
    assert words(text) == own


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Fwd: request\n\n> please delete my account",
        "AW: WG: Anfrage\n\nbitte übernehmen\n> löschen Sie mein Konto",
        "request\n\nplease see to it\n---------- Forwarded message ---------\nFrom: a@b.example\nDate: Mon 10:00\n\ndelete me",
        "Re: x\n\n> please delete my account",
        "My data\n\nName: Ada\nStreet: Lane 3\nE-mail: ada@example.org\n\nplease delete all of this",
        "Auskunft\n\nzu meiner Person:\nName: Ada\nGeburtsdatum: 03.05.1980\nAnschrift: Ham\n\nBitte geben Sie mir Auskunft nach Art. 15",
        "leak\n\nDate: 3 May\nTime: 10:04\nPlace: your branch\n\nsomebody else's papers lay on the counter",
        "chat\n\nAgent: Hello\nAda: at 10:30 I asked\nAgent: No\nI now demand deletion",
        "two things\n\n1. a copy\n2. then delete all of it:\nmy name, my address",
        "table\n\nPlease correct:\n| name | Adda | Ada |",
        "urgent\n\n>>> please delete my account <<<\nthanks, Ada",
        "price\n\n--- please read ---\ndelete my account",
        f"x\n\nHello\n\n{HEAD}Delete my account.",
    ],
)
def test_what_is_no_quote_or_all_there_is_stays(text: str) -> None:
    assert own_text(text) == text


@pytest.mark.parametrize("announcement", ["I object to your use of my data as follows:", "No answer yet to my mail of 3 May 2026:"])
def test_a_request_that_introduces_a_quote_is_no_lead_in(announcement: str) -> None:
    assert announcement in own_text(f"{announcement}\n\n{announcement}\n> your policy\nStop.")


def test_places_stay_what_they_are() -> None:
    text = "Re: x\n\nThanks.\r\n> delete\r\nAda"
    assert len(own_text(text)) == len(text)
    assert own_text(text).index("Ada") == text.index("Ada")


@pytest.mark.parametrize("line", ["> delete this\n", "Name: " + "a@" * 9_000 + "\n", "From: x\n", "a\n", "On 3 May:\n> x\n"])
@pytest.mark.timeout(20)  # a safety net: text that takes quadratic time would stall the bot for minutes
def test_hostile_text_does_not_stall_it(line: str) -> None:
    assert own_text("x\n\nhello\n" + line * (400_000 // len(line)))
