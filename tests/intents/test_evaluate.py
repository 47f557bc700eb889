"""Evaluation: what the figures say about predictions whose rights and wrongs are known."""

from dataclasses import replace

from intents.catalog import Intent
from intents.classifier import Prediction
from intents.corpus import Example
from intents.evaluate import compare, render, score


def pair(
    labels: list[Intent], said: list[Intent], *, sure: float = 1.0, unclear: bool = False, language: str = "en"
) -> tuple[Example, Prediction]:
    example = Example("x", "w", language, "", "text", tuple(labels), "neutral", "")
    scores = dict.fromkeys(Intent, 0.0)
    return example, Prediction(tuple(said), scores, sure, unclear, language, 1.0, {}, "model")


ACCESS, ERASURE, OTHER, QUESTION = Intent.ACCESS, Intent.ERASURE, Intent.OTHER, Intent.QUESTION


def test_a_request_called_other_is_lost_unless_it_is_unclear() -> None:
    assert score([pair([ACCESS], [OTHER]), pair([ACCESS], [ACCESS])]).lost == 0.5
    assert score([pair([ACCESS], [OTHER], unclear=True), pair([ACCESS], [ACCESS])]).lost == 0.0
    assert score([pair([QUESTION], [OTHER])]).lost == 0.0


def test_calibration_compares_how_sure_with_how_often_right() -> None:
    honest = [pair([ACCESS], [ACCESS], sure=0.75)] * 3 + [pair([ERASURE], [ACCESS], sure=0.75)]
    boasting = [pair([ERASURE], [ACCESS], sure=1.0)] * 2

    assert score(honest).ece == 0.0
    assert score(boasting).ece == 1.0


def test_the_worst_confusions_come_first_and_count_what_was_said_instead() -> None:
    pairs = [pair([ERASURE], [ACCESS])] * 2 + [pair([QUESTION], [OTHER]), pair([ACCESS, ERASURE], [ACCESS])]

    assert score(pairs).confusions == [(ERASURE, ACCESS, 2), (QUESTION, OTHER, 1)]


def test_how_far_the_hands_differ_is_told() -> None:
    ada = pair([ACCESS], [ACCESS])
    bob = (replace(ada[0], author="bob"), replace(ada[1], intents=(ERASURE,)))

    assert "micro F1 by author (2 authors): median 0.50, lowest 0.00 (bob), highest 1.00 (w)" in render(score([ada, bob]))
    assert not any("by author" in line for line in render(score([ada])))


def test_two_models_are_compared_line_by_line() -> None:
    better = score([pair([ACCESS], [ACCESS]), pair([ERASURE], [ERASURE], language="de")])
    worse = score([pair([ACCESS], [ACCESS]), pair([ERASURE], [ACCESS], language="de")])

    lines = compare(worse, better)

    assert lines[0].split() == ["2", "mails", "first", "second", "second", "-", "first"]
    assert any(line.split() == ["micro", "F1", "de", "0.000", "1.000", "+1.000"] for line in lines)
    assert "macro F1 1.000" in render(better)[0]
