"""The encoder: a small multilingual transformer that reads a whole message, run by onnxruntime on one core.

Its tokens' embeddings stay in 4 bits and are looked up here; the graph gets vectors, and answers with a logit for each intent, and for each
token with how much it speaks for each intent, from which the sentence is found that a label was read from.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
from tokenizers import Tokenizer

from intents.catalog import INTENTS, Intent

Floats = npt.NDArray[np.float32]

LONGEST = 320  # tokens that the encoder reads at a time
_OVERLAP = 64  # tokens that two windows of a longer message share
_MOST_WINDOWS = 6
START, PAD, END, UNKNOWN = 0, 1, 2, 3  # the first tokens of every vocabulary
_MIDDLE = 8  # the code that stands for zero
_BLOCK = 32  # numbers that share a scale
_COMMON = 1e-3  # the probability of a piece that counts half (Arora et al. 2017)
_TINY = 1e-9
_OTHER = INTENTS.index(Intent.OTHER)
FILES = GRAPH, TABLE, PIECES = "encoder.onnx", "tokens.npz", "pieces.json"
ABOUT = "encoder.json"


@dataclass(frozen=True)
class Reading:
    """What the encoder makes of a message: `logits` has one for each of INTENTS; `tokens` one row for each token, and `spans` where the
    token stands in the text (start and end, in characters)."""

    logits: Floats
    tokens: Floats
    spans: npt.NDArray[np.int32]


class Encoder:
    """The graph, its tokenizer and its table of embeddings."""

    def __init__(self, folder: Path) -> None:
        """Load the files whose SHA-256 stand in encoder.json.

        Raises:
            OSError: a file is missing.
            ValueError, KeyError: a file is not the one that was written, or the encoder was trained for other intents.
        """
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if about["intents"] != list(INTENTS):
            raise ValueError("the encoder was trained for other intents")
        for name in FILES:
            if sha256_of(folder / name) != about["sha256"][name]:
                raise ValueError(f"{name} is not the file that was written")
        self.trained_on: str = about["corpus"]
        self._folder = folder
        self._tokenizer = Tokenizer.from_file(str(folder / PIECES))
        with np.load(folder / TABLE, allow_pickle=False) as table:
            self._codes, self._scales = table["codes"], table["scales"]
        self._session = _session(folder / GRAPH)

    def read(self, text: str) -> Reading:
        """Read one message, whatever its length; of very long ones the first 1,600 tokens or so."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        parts = [self._run(encoded.ids[a:b]) for a, b in windows_of(len(encoded.ids))]
        return _joined(parts, encoded.offsets)

    def _run(self, ids: Sequence[int]) -> tuple[Floats, Floats]:
        """One window's logits and those of its tokens. One at a time: on one core a batch gains nothing, and no text sways another."""
        logits, tokens = self._session.run(None, {"vectors": self._vectors(np.array([START, *ids, END]))})
        return logits, tokens[1:-1]

    def _vectors(self, ids: npt.NDArray[np.int64]) -> Floats:
        return unpacked(self._codes[ids], self._scales[ids])

    def gist(self, text: str) -> Floats:
        """What a text is about, whatever its language: the mean of its tokens' embeddings, the rare ones counting most (SIF weighting).

        For comparing texts with each other by cosine; zeros for a text without tokens.
        """
        ids = np.array(self._tokenizer.encode(text, add_special_tokens=False).ids, dtype=np.int64)
        if not ids.size:
            return np.zeros(self._scales.shape[1] * _BLOCK, np.float32)
        vectors = self._vectors(ids)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + _TINY
        weights = self._rarity[ids]
        mean: Floats = (vectors * weights[:, None]).sum(axis=0) / (weights.sum() + _TINY)
        return mean

    @cached_property
    def _rarity(self) -> Floats:
        """From the probabilities that the tokenizer's own unigram model gives its pieces; its marks count nothing."""
        pieces = json.loads((self._folder / PIECES).read_text(encoding="utf-8"))["model"]["vocab"]
        probabilities = np.exp(np.array([score for _, score in pieces], dtype=np.float64))
        return np.where(probabilities < 1.0, _COMMON / (_COMMON + probabilities), 0.0).astype(np.float32)

    def to_disk(self, folder: Path) -> None:
        """Copy the files to another folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*FILES, ABOUT):
            if (self._folder / name).resolve() != (folder / name).resolve():
                (folder / name).write_bytes((self._folder / name).read_bytes())


def sha256_of(path: Path) -> str:
    """A file's SHA-256 (hex)."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpacked(codes: npt.NDArray[np.uint8], scales: npt.NDArray[np.float16]) -> Floats:
    """Rows of 4-bit codes as numbers: in each block of 32 the low halves of 16 bytes come first, then their high halves."""
    rows, blocks = scales.shape
    halves = codes.reshape(rows, blocks, 16)
    values = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - _MIDDLE
    numbers: Floats = (values * scales[:, :, None].astype(np.float32)).reshape(rows, -1)
    return numbers


def windows_of(length: int) -> list[tuple[int, int]]:
    """Where to cut a message of so many tokens, each window overlapping the one before; beyond the last window nothing is read."""
    if length <= LONGEST:
        return [(0, length)]
    starts = range(0, length - _OVERLAP, LONGEST - _OVERLAP)
    return [(start, min(start + LONGEST, length)) for start in starts][:_MOST_WINDOWS]


def _joined(parts: list[tuple[Floats, Floats]], spans: Sequence[tuple[int, int]]) -> Reading:
    """One reading from those of the windows: what one window asks is asked; it is `other` only if every window is."""
    logits = np.array([one for one, _ in parts])
    joined = logits.max(axis=0)
    joined[_OTHER] = logits[:, _OTHER].min()
    tokens = np.concatenate([one[_OVERLAP if number else 0 :] for number, (_, one) in enumerate(parts)])
    return Reading(joined, tokens, np.array(spans[: len(tokens)], np.int32).reshape(-1, 2))


def _session(graph: Path) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # more fight over busy cores: one call took nine times as long
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 4
    return InferenceSession(graph.read_bytes(), options, providers=["CPUExecutionProvider"])
