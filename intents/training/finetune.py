"""Fine-tuning: from the foundation and the corpus to an encoder that reads privacy mails."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax
from tokenizers import Tokenizer

from intents.catalog import INTENTS, Intent
from intents.encoder import END, LONGEST, PAD, START, unpacked
from intents.training.foundation import Foundation, Table
from intents.training.transformer import Model, logits, new_head, start, through

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

_WIDTHS = (32, 48, 64, 80, 96, 128, 160, 192, 256, LONGEST + 2)  # lengths are filled up to one of these: few shapes to compile
_SORTED = 64  # batches that are sorted by length together, so that short mails are not filled up to long ones
_TAIL = 96  # of a message longer than the window its first and its last tokens are learned from


@dataclass(frozen=True)
class Recipe:
    """How to train; found by experiment, see docs/decisions. `frozen` layers at the bottom stay as they are, so that what they make of a
    mail is worked out once; rates are per step at their height."""

    epochs: int = 3
    batch: int = 16
    frozen: int = 3
    rate: float = 2e-4
    head_rate: float = 2e-3
    decay: float = 0.01
    smoothing: float = 0.02


@dataclass(frozen=True)
class Batches:
    """Mails as tokens."""

    ids: list[list[int]]
    table: Table

    def padded(self, places: Sequence[int]) -> tuple[Ids, Floats]:
        """Tokens between the marks of start and end, and which of them count, filled up to one length."""
        width = _width(max(len(self.ids[place]) for place in places) + 2)
        ids, mask = np.full((len(places), width), PAD, np.int64), np.zeros((len(places), width), np.float32)
        for row, place in enumerate(places):
            one = [START, *self.ids[place], END]
            ids[row, : len(one)], mask[row, : len(one)] = one, 1.0
        return ids, mask

    def vectors(self, ids: Ids) -> Floats:
        """Their embeddings."""
        return unpacked(self.table.codes[ids.ravel()], self.table.scales[ids.ravel()]).reshape(*ids.shape, -1)


def tokens_of(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Each text as tokens, the middle of long ones left out."""
    return [_shortened(one.ids) for one in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def _shortened(ids: list[int]) -> list[int]:
    return ids if len(ids) <= LONGEST else ids[: LONGEST - _TAIL] + ids[-_TAIL:]


def targets(labels: Sequence[Sequence[Intent]]) -> Floats:
    """A row of noughts and ones for each mail."""
    return np.array([[intent in of for intent in INTENTS] for of in labels], np.float32)


class Tuner:
    """The training loop."""

    def __init__(self, foundation: Foundation, recipe: Recipe, seed: int) -> None:
        self._foundation, self._recipe, self._seed = foundation, recipe, seed
        as_jax = [{name: jnp.asarray(values) for name, values in one.items()} for one in foundation.layers]
        self._below, above = as_jax[: recipe.frozen], as_jax[recipe.frozen :]
        self.model: Model = {"layers": above, "head": new_head(foundation.positions.shape[1], seed)}
        self._bottom = jax.jit(lambda words, mask: through(self._below, start(foundation, words), mask))
        self._forward = jax.jit(lambda model, below, mask: logits(model["head"], through(model["layers"], below, mask), mask))

    def below(self, mails: Batches, progress: Callable[[int], None]) -> list[npt.NDArray[np.float16]]:
        """What the frozen layers make of each mail."""
        made: list[Any] = [None] * len(mails.ids)
        for places in _by_length(mails.ids, range(len(mails.ids)), self._recipe.batch):
            ids, mask = mails.padded(places)
            vectors = np.asarray(self._bottom(mails.vectors(ids), mask), np.float16)
            for row, place in enumerate(places):
                made[place] = vectors[row, : len(mails.ids[place]) + 2]
            progress(len(places))
        return made

    def fit(self, below: Sequence[npt.NDArray[np.float16]], wanted: Floats, progress: Callable[[int], None]) -> list[float]:
        """Train; returns each epoch's mean loss. `progress` hears of each mail that was learned from."""
        recipe, rng = self._recipe, np.random.default_rng(self._seed)
        steps = recipe.epochs * -(-len(below) // recipe.batch)
        optimiser = self._optimiser(steps)
        state, key = optimiser.init(self.model), jax.random.PRNGKey(self._seed)

        @jax.jit
        def step(model: Model, state: Any, below: Any, mask: Any, wanted: Any, key: jax.Array) -> tuple[Model, Any, jax.Array]:
            def loss(model: Model) -> jax.Array:
                found = logits(model["head"], through(model["layers"], below, mask, key), mask)
                soft = wanted * (1 - 2 * recipe.smoothing) + recipe.smoothing
                return optax.sigmoid_binary_cross_entropy(found, soft).sum(-1).mean()

            value, slope = jax.value_and_grad(loss)(model)
            update, state = optimiser.update(slope, state, model)
            return optax.apply_updates(model, update), state, value

        losses = []
        for _ in range(recipe.epochs):
            values = []
            for places in self._shuffled(below, rng):
                vectors, mask = _stacked([below[place] for place in places])
                key, one = jax.random.split(key)
                self.model, state, value = step(self.model, state, vectors, mask, wanted[list(places)], one)
                values.append(float(value))
                progress(len(places))
            losses.append(float(np.mean(values)))
        return losses

    def _optimiser(self, steps: int) -> Any:
        recipe = self._recipe
        shape = optax.warmup_cosine_decay_schedule(0.0, 1.0, max(steps // 10, 1), max(steps, 2), 0.02)

        def of(rate: float) -> Any:
            return optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(lambda count: shape(count) * rate, weight_decay=recipe.decay))

        return optax.multi_transform({"layers": of(recipe.rate), "head": of(recipe.head_rate)}, {"layers": "layers", "head": "head"})

    def _shuffled(self, below: Sequence[npt.NDArray[np.float16]], rng: np.random.Generator) -> list[list[int]]:
        order = rng.permutation(len(below)).tolist()
        chunk = self._recipe.batch * _SORTED
        batches = [b for at in range(0, len(order), chunk) for b in _by_length(below, order[at : at + chunk], self._recipe.batch)]
        whole = [batch for batch in batches if len(batch) == self._recipe.batch]
        rest = [batch + rng.choice(order, self._recipe.batch - len(batch)).tolist() for batch in batches if len(batch) < self._recipe.batch]
        return [(whole + rest)[place] for place in rng.permutation(len(batches))]

    def read(self, below: Sequence[npt.NDArray[np.float16]]) -> Floats:
        """The logits of mails."""
        found = np.zeros((len(below), len(INTENTS)), np.float32)
        for places in _by_length(below, range(len(below)), self._recipe.batch):
            vectors, mask = _stacked([below[place] for place in places])
            found[list(places)] = np.asarray(self._forward(self.model, vectors, mask))
        return found

    def layers(self) -> list[dict[str, Floats]]:
        """All layers' weights, those that never moved among them."""
        return [{name: np.asarray(values) for name, values in one.items()} for one in [*self._below, *self.model["layers"]]]

    def head(self) -> dict[str, Floats]:
        """The head's weights."""
        return {name: np.asarray(values) for name, values in self.model["head"].items()}


def _stacked(vectors: Sequence[npt.NDArray[np.float16]]) -> tuple[Floats, Floats]:
    width = _width(max(len(one) for one in vectors))
    stacked = np.zeros((len(vectors), width, vectors[0].shape[1]), np.float32)
    mask = np.zeros((len(vectors), width), np.float32)
    for row, one in enumerate(vectors):
        stacked[row, : len(one)], mask[row, : len(one)] = one, 1.0
    return stacked, mask


def _width(longest: int) -> int:
    return next(width for width in _WIDTHS if width >= longest)


def _by_length(items: Sequence[Any], places: Sequence[int], size: int) -> Iterator[list[int]]:
    ordered = sorted(places, key=lambda place: len(items[place]))
    yield from (ordered[at : at + size] for at in range(0, len(ordered), size))
