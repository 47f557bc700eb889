"""What an answer to the question who wrote proves: control of the address that was asked, by DMARC, and nothing else."""

import pytest

from bot.identity import Answer, Proof, Question, proof

ASKED = Question("address-hash", frozenset(("our-letter", "as-the-server-calls-it")))


def answer(authentication: str | None = "pass:dmarc", *, address: str | None = "address-hash", names: str = "our-letter") -> Answer:
    return Answer(address, frozenset((names, "some-other-mail")), authentication)


@pytest.mark.parametrize("names", ["our-letter", "as-the-server-calls-it"])
def test_an_answer_from_the_address_that_passes_dmarc_proves_control(names: str) -> None:
    assert proof(ASKED, answer(names=names)) is Proof.CONTROL


@pytest.mark.parametrize("authentication", ["fail:dmarc", "fail:from"])
def test_a_forged_sender_proves_nothing(authentication: str) -> None:
    assert proof(ASKED, answer(authentication)) is Proof.FORGED
    assert proof(ASKED, answer(authentication, names="none of ours")) is Proof.FORGED


@pytest.mark.parametrize("authentication", ["none", "unknown", None, "pass:spf", "pass:dkim", "pass", "passed:dmarc:no"])
def test_without_a_dmarc_pass_nothing_is_proved(authentication: str | None) -> None:
    assert proof(ASKED, answer(authentication)) is Proof.NO_DMARC


def test_another_address_proves_nothing_however_well_it_is_vouched_for() -> None:
    assert proof(ASKED, answer(address="another-hash")) is Proof.OTHER_ADDRESS
    assert proof(ASKED, answer(address=None)) is Proof.OTHER_ADDRESS
    assert proof(Question(None, ASKED.letters), answer(address=None)) is Proof.OTHER_ADDRESS


def test_what_answers_another_letter_proves_nothing() -> None:
    """An old mail with a good signature can be sent once more by somebody else."""
    assert proof(ASKED, answer(names="the acknowledgement")) is Proof.OTHER_LETTER
    assert proof(Question("address-hash"), answer()) is Proof.OTHER_LETTER  # asked by telephone: there is no letter


def test_an_answer_to_a_closed_question_and_a_strangers_mail_are_no_answers() -> None:
    assert proof(None, answer()) is None
    assert proof(ASKED, answer(address="another-hash", names="none of ours")) is None
