"""Fine-tuning: a few mails through the whole way, from the foundation to an encoder on disk that reads as the trained one does."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from intents.catalog import Intent
from intents.encoder import ABOUT, Encoder
from intents.training import foundation
from intents.training.finetune import Batches, Recipe, Tuner, targets, tokens_of
from intents.training.foundation import Foundation, FoundationError
from intents.training.make import make_encoder, write_encoder
from intents.training.vocabulary import kept, table_of, tokenizer_of

MAILS = {
    "Please delete my account and everything you know about me.": [Intent.ERASURE],
    "Bitte löschen Sie alle meine Daten.": [Intent.ERASURE],
    "Which data do you hold about me? Send me a copy.": [Intent.ACCESS],
    "Je voudrais une copie de mes données, puis supprimez tout.": [Intent.ACCESS, Intent.ERASURE],
    "Where is my parcel? It should have come on Friday.": [Intent.OTHER],
    "Moja paczka nie przyszła, proszę o informację.": [Intent.OTHER],
}
QUICK = Recipe(epochs=2, batch=3, frozen=10)


@pytest.fixture(scope="module")
def base() -> Foundation:
    return foundation.read(foundation.find())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, int, int]]]:
    folder = tmp_path_factory.mktemp("encoder")
    heard: list[tuple[str, int, int]] = []
    make_encoder(list(MAILS), list(MAILS.values()), folder, corpus="abc", progress=lambda *step: heard.append(step), recipe=QUICK)
    return folder, heard


@pytest.mark.timeout(600)
def test_the_encoder_on_disk_says_what_it_learned_from_and_tells_its_progress(made: tuple[Path, list[tuple[str, int, int]]]) -> None:
    folder, heard = made
    about = json.loads((folder / ABOUT).read_text("utf-8"))

    assert Encoder(folder).trained_on == about["corpus"] == "abc"
    assert about["mails"] == len(MAILS)
    assert about["losses"][1] < about["losses"][0]
    assert ("reading", 6, 6) in heard
    assert heard[-1] == ("fine-tuning", 12, 12)


@pytest.mark.timeout(600)
def test_the_same_mails_and_seed_give_the_same_encoder(made: tuple[Path, list[tuple[str, int, int]]], tmp_path: Path) -> None:
    make_encoder(list(MAILS), list(MAILS.values()), tmp_path, corpus="abc", progress=lambda *_: None, recipe=QUICK)

    assert json.loads((tmp_path / ABOUT).read_text("utf-8")) == json.loads((made[0] / ABOUT).read_text("utf-8"))


@pytest.mark.timeout(600)
def test_in_8_bits_it_reads_as_it_was_trained(base: Foundation, tmp_path: Path) -> None:
    numbers = kept(base)
    mails = Batches(tokens_of(tokenizer_of(base, numbers), list(MAILS)), table_of(base, numbers))
    tuner = Tuner(base, QUICK, 0)
    below = tuner.below(mails, lambda _: None)
    tuner.fit(below, targets(list(MAILS.values())), lambda _: None)

    write_encoder(tmp_path, base, tuner, {"corpus": ""})
    encoder = Encoder(tmp_path)

    for text, exact in zip(MAILS, tuner.read(below), strict=True):
        assert np.abs(encoder.read(text).logits - exact).max() < 0.1


def test_foreign_scripts_are_left_out_of_the_vocabulary_and_europes_are_not(base: Foundation) -> None:
    tokenizer = tokenizer_of(base, kept(base))

    for text in ("Grüße", "παρακαλώ", "Будь ласка", "ħafna", "þakka"):
        assert "<unk>" not in tokenizer.encode(text, add_special_tokens=False).tokens
    assert len(kept(base)) < len(base.pieces)


def test_without_the_foundation_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foundation, "PACKAGE", "no_such_package")

    with pytest.raises(FoundationError, match="no_such_package is not installed: run `make train`"):
        foundation.find()


def test_without_the_extra_the_command_says_so_and_exits_with_2() -> None:
    code = "import sys; sys.modules['jax'] = None; sys.argv = ['privacybot', 'train']; from bot.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "make train" in done.stderr
    assert "Traceback" not in done.stderr
