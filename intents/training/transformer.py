"""The transformer in JAX, for training: matrices are multiplied in bfloat16 and summed in 32 bits, twice as fast on a CPU."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from intents.catalog import INTENTS
from intents.training.foundation import Foundation

Weights: TypeAlias = dict[str, jax.Array]
Model: TypeAlias = dict[str, Any]  # {"layers": [Weights], "head": Weights}; a plain tree, as JAX wants it

HEADS = 12
EPSILON = 1e-12
SHARPNESS = 8.0  # length given to the pooled vector before the head weighs it
_DROPPED = 0.1
_FAR = -1e9


def _dot(a: jax.Array, b: jax.Array, axes: tuple[int, int]) -> jax.Array:
    numbers = (((axes[0],), (axes[1],)), ((), ()))
    return jax.lax.dot_general(a.astype(jnp.bfloat16), b.astype(jnp.bfloat16), numbers, preferred_element_type=jnp.float32)


@jax.custom_vjp
def multiply(rows: jax.Array, matrix: jax.Array) -> jax.Array:
    """rows @ matrix; its gradients are multiplied the same way, which JAX would not do by itself."""
    return _dot(rows, matrix, (1, 0))


def _multiply_forward(rows: jax.Array, matrix: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
    small = rows.astype(jnp.bfloat16), matrix.astype(jnp.bfloat16)
    return _dot(*small, (1, 0)), small


def _multiply_backward(kept: tuple[jax.Array, jax.Array], slope: jax.Array) -> tuple[jax.Array, jax.Array]:
    rows, matrix = kept
    return _dot(slope, matrix, (1, 1)), _dot(rows, slope, (0, 0))


multiply.defvjp(_multiply_forward, _multiply_backward)


def normalised(values: jax.Array, scale: jax.Array, shift: jax.Array) -> jax.Array:
    """Layer normalisation."""
    centred = values - values.mean(-1, keepdims=True)
    spread = jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + EPSILON)
    return centred * spread * scale + shift


def _attended(vectors: jax.Array, weights: Weights, far: jax.Array) -> jax.Array:
    batch, length, width = vectors.shape
    rows = multiply(vectors.reshape(batch * length, width), weights["qkv"]) + weights["qkv_b"]
    split = rows.reshape(batch, length, 3, HEADS, width // HEADS).transpose(2, 0, 3, 1, 4)
    likeness = jnp.einsum("bhtd,bhsd->bhts", split[0], split[1]) / np.sqrt(width // HEADS) + far
    mixed = jnp.einsum("bhts,bhsd->bhtd", jax.nn.softmax(likeness, -1), split[2])
    return multiply(mixed.transpose(0, 2, 1, 3).reshape(batch * length, width), weights["out"]) + weights["out_b"]


def _dropped(rows: jax.Array, key: jax.Array | None) -> jax.Array:
    return rows if key is None else rows * jax.random.bernoulli(key, 1 - _DROPPED, rows.shape) / (1 - _DROPPED)


def layer(vectors: jax.Array, weights: Weights, far: jax.Array, key: jax.Array | None) -> jax.Array:
    """One layer; with a key some values are dropped, as training wants it."""
    first, second = (None, None) if key is None else jax.random.split(key)
    rows = vectors.reshape(-1, vectors.shape[-1])
    rows = normalised(rows + _dropped(_attended(vectors, weights, far), first), weights["norm1"], weights["norm1_b"])
    inner = jax.nn.gelu(multiply(rows, weights["up"]) + weights["up_b"], approximate=True)
    rows = rows + _dropped(multiply(inner, weights["down"]) + weights["down_b"], second)
    return normalised(rows, weights["norm2"], weights["norm2_b"]).reshape(vectors.shape)


def far_of(mask: jax.Array) -> jax.Array:
    """What is added to a token's attention: nothing, or so much less that nobody looks there."""
    return (1 - mask)[:, None, None, :] * _FAR


def through(layers: Sequence[Weights], vectors: jax.Array, mask: jax.Array, key: jax.Array | None = None) -> jax.Array:
    """Through some layers, in order."""
    keys: Sequence[jax.Array | None] = [None] * len(layers) if key is None else list(jax.random.split(key, len(layers)))
    for weights, one in zip(layers, keys, strict=True):
        vectors = layer(vectors, weights, far_of(mask), one)
    return vectors


def start(foundation: Foundation, words: jax.Array) -> jax.Array:
    """The first vectors: the words' embeddings with their places added."""
    scale, shift = foundation.after_embedding
    return normalised(words + foundation.positions[: words.shape[1]], scale, shift)


def new_head(width: int, seed: int) -> Weights:
    """An untrained head."""
    drawn = np.random.default_rng(seed).standard_normal((width, len(INTENTS))) * 0.02
    none = np.zeros((width, len(INTENTS)), np.float32)
    bias = np.full(len(INTENTS), -2.0, np.float32)
    return {"whole": jnp.asarray(drawn, jnp.float32), "bias": jnp.asarray(bias), "token": jnp.asarray(none)}


def logits(head: Mapping[str, jax.Array], vectors: jax.Array, mask: jax.Array) -> jax.Array:
    """A logit for each intent: what the mean of all tokens says, and what single tokens say, for one sentence can carry a request."""
    weight = mask[..., None]
    mean = (vectors * weight).sum(1) / weight.sum(1)
    mean = mean / jnp.linalg.norm(mean, axis=-1, keepdims=True) * SHARPNESS
    tokens = vectors @ head["token"] + (weight - 1) * -_FAR
    loudest = jax.nn.logsumexp(tokens, 1) - jnp.log(mask.sum(1)[:, None])
    return mean @ head["whole"] + head["bias"] + loudest / 2
