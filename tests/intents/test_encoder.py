"""The encoder of the committed model: how it is loaded, what it refuses, how it reads long and odd texts."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from intents.catalog import INTENTS
from intents.classifier import PIPELINE, as_text
from intents.components import ENCODER
from intents.encoder import ABOUT, FILES, LONGEST, Encoder, unpacked, windows_of

FOLDER = PIPELINE / ENCODER


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(FOLDER)


def copied(target: Path) -> Path:
    return shutil.copytree(FOLDER, target)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_tampered_with_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    folder = copied(tmp_path / "encoder")
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))

    with pytest.raises(ValueError, match=f"{name} is not the file that was written"):
        Encoder(folder)


def test_an_encoder_for_other_intents_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path / "encoder")
    about = json.loads((folder / ABOUT).read_text("utf-8"))
    (folder / ABOUT).write_text(json.dumps(about | {"intents": ["access"]}), encoding="utf-8")

    with pytest.raises(ValueError, match="other intents"):
        Encoder(folder)


def test_copied_to_another_folder_it_reads_the_same(encoder: Encoder, tmp_path: Path) -> None:
    encoder.to_disk(tmp_path)

    text = "Bitte löschen Sie mein Konto."
    assert np.array_equal(Encoder(tmp_path).read(text).logits, encoder.read(text).logits)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "🙂", "\x00", "ᚠᛇᚻ", "مرحبا", "a" * 30_000, "delete " * 3_000, "\u0301" * 500])
def test_it_answers_whatever_the_text(encoder: Encoder, text: str) -> None:
    reading = encoder.read(as_text("", text))

    assert reading.logits.shape == (len(INTENTS),)
    assert np.isfinite(reading.logits).all()
    assert len(reading.tokens) == len(reading.spans)


def test_a_request_below_a_thousand_words_is_heard(encoder: Encoder) -> None:
    story = "Yesterday the weather on the coast was fine and we walked along the harbour until it got dark. "
    request = "Please delete my account and every record that you keep about me."
    erasure = INTENTS.index("erasure")

    with_request, without = encoder.read(story * 55 + request), encoder.read(story * 55)

    assert with_request.logits[erasure] > 0 > without.logits[erasure]


@pytest.mark.parametrize("length", [0, 1, LONGEST, LONGEST + 1, 1_000, 1_500])
def test_windows_leave_no_token_out(length: int) -> None:
    windows = windows_of(length)

    assert windows[0][0] == 0
    assert windows[-1][1] == length
    assert all(a < b and b - a <= LONGEST for a, b in windows if length)
    assert all(later <= end for (_, end), (later, _) in pairwise(windows))


def test_windows_of_an_endless_text_are_few() -> None:
    assert len(windows_of(1_000_000)) <= 6


def test_four_bits_are_unpacked_in_blocks_low_halves_first() -> None:
    codes = np.arange(16, dtype=np.uint8)[None, :]  # low halves 0..15, high halves 0
    numbers = unpacked(codes, np.array([[0.5]], np.float16))

    assert numbers[0, :16].tolist() == [(low - 8) * 0.5 for low in range(16)]
    assert numbers[0, 16:].tolist() == [-4.0] * 16
