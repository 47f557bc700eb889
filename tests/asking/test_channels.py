"""Channels: by which ways somebody wants no more advertising, in the words people use."""

import pytest

from bot.asking.channels import Channel, channels_of, names_other_address, speaks_of_marketing

MAIL, POST, PHONE, SMS = Channel.MAIL, Channel.POST, Channel.PHONE, Channel.SMS


@pytest.mark.parametrize(
    "text",
    [
        "Unsubscribe", "Please take me off your list.", "Bitte keine Newsletter mehr.", "Désabonnez-moi, merci.", "Dadme de baja.",
        "Mi chiamo Anna e non voglio più la newsletter.", "Graag afmelden voor de nieuwsbrief.", "Proszę usunąć mnie z listy mailingowej.",
        "Me llamo Ana y no quiero más correos.", "Je m'appelle Luc et je ne veux plus de vos courriels.", "Não quero mais publicidade.",
        "I do not want your so-called newsletter.", "Stop. You can call me back at any time.", "",
    ],
)  # fmt: skip
def test_mail_is_meant_where_nothing_else_is_said(text: str) -> None:
    assert channels_of(text) == (MAIL,)


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Don't call me any more.", PHONE), ("Stop phoning me!", PHONE), ("Rufen Sie mich nicht mehr an.", PHONE),
        ("Keine Anrufe mehr, bitte.", PHONE), ("Ne m'appelez plus.", PHONE), ("No me llaméis más.", PHONE),
        ("Non voglio più telefonate.", PHONE), ("Bel mij niet meer.", PHONE), ("Proszę więcej do mnie nie dzwonić.", PHONE),
        ("Não quero mais chamadas.", PHONE),
        ("Keine SMS mehr!", SMS), ("No more text messages, please.", SMS), ("Plus de SMS svp.", SMS),
        ("Stop sending me catalogues by post.", POST), ("Bitte keine Kataloge mehr schicken.", POST), ("Geen brieven meer.", POST),
    ],
)  # fmt: skip
def test_a_channel_that_is_named_is_meant_alone(text: str, channel: Channel) -> None:
    assert channels_of(text) == (channel,)


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("No more e-mails and no text messages.", (MAIL, SMS)),
        ("Ich widerspreche jeder Werbung, auch per Post und Telefon.", (MAIL, POST, PHONE)),
        ("Stop all marketing. And don't call me either.", (MAIL, PHONE)),
        ("Keine Werbung per SMS, bitte.", (MAIL, SMS)),  # advertising in general: rather one way too many than one too few
    ],
)
def test_several_are_meant_where_several_are_named_or_advertising_altogether(text: str, channels: tuple[Channel, ...]) -> None:
    assert channels_of(text) == channels


def test_a_long_text_costs_no_time() -> None:
    assert channels_of("no " * 200_000) == (MAIL,)
    assert not names_other_address("a." * 200_000, ())


@pytest.mark.parametrize("text", ["I withdraw my consent to the newsletter.", "Ich widerrufe meine Einwilligung in Werbung."])
def test_a_consent_to_advertising_is_told_from_others(text: str) -> None:
    assert speaks_of_marketing(text)
    assert not speaks_of_marketing("I withdraw my consent to the use of my photo.")


def test_another_address_than_the_writers_is_seen() -> None:
    text = "Please take Old.Jo@Home.example off your list."
    assert names_other_address(text, ["jo@home.example"])
    assert not names_other_address(text, ["jo@home.example", "old.jo@home.example"])
