"""The model that is committed: trained on the committed corpus, and as good as its card says."""

import json
import re

import pytest

from intents.classifier import CARD_KEY, PIPELINE, Classifier
from intents.components import ENCODER
from intents.corpus import CORPUS, corpus_hash, hash_of, read, read_test
from intents.encoder import ABOUT
from intents.evaluate import evaluate


def test_it_was_trained_on_the_committed_corpus() -> None:
    card = json.loads((PIPELINE / "meta.json").read_text("utf-8"))[CARD_KEY]
    assert card["corpus"] == corpus_hash(CORPUS)
    assert card["encoder"] == hash_of(read(CORPUS))
    assert json.loads((PIPELINE / ENCODER / ABOUT).read_text("utf-8"))["corpus"] == card["encoder"]


@pytest.mark.timeout(900)
def test_it_is_as_good_as_its_card_says() -> None:
    said = (PIPELINE / "CARD.md").read_text("utf-8").partition("## Test mails")[2]
    macro, micro = (float(figure) for figure in re.findall(r"(?:macro|micro) F1 ([\d.]+)", said)[:2])
    scores = evaluate(Classifier.load(), read_test(CORPUS))
    assert scores.macro_f1 >= macro - 0.005
    assert scores.micro_f1 >= micro - 0.005
