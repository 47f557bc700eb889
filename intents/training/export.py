"""Export: the fine-tuned transformer as an ONNX graph, its matrices in 8 bits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from intents.training.finetune import Floats
from intents.training.transformer import EPSILON, HEADS, SHARPNESS

_OPSET = 21
_MICROSOFT = "com.microsoft"  # onnxruntime's own operators
_BLOCK = 32  # values that share a scale
_LARGEST, _MIDDLE = 127, 128  # of the codes
_IN_WHOLE_NUMBERS = 4  # onnxruntime's accuracy level that multiplies 8 bits by 8 bits


class _Graph:
    """A graph under construction for one message: vectors (tokens, width) in, logits (intents) and each token's (tokens, intents) out."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: Any, kind: Any = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, kind), name))
        return name

    def do(self, operator: str, *inputs: str, **attributes: Any) -> str:
        output = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def times(self, rows: str, matrix: Floats, shift: Floats) -> str:
        """rows @ matrix + shift, the matrix in blocks of 8-bit codes with a scale each, the rows rounded to 8 bits on the way."""
        inputs, outputs = matrix.shape
        blocks = matrix.T.reshape(outputs, inputs // _BLOCK, _BLOCK)
        scales = np.maximum(np.abs(blocks).max(axis=2), 1e-12) / _LARGEST
        codes = np.rint(blocks / scales[:, :, None]) + _MIDDLE
        shape = {"K": inputs, "N": outputs, "bits": 8, "block_size": _BLOCK, "accuracy_level": _IN_WHOLE_NUMBERS}
        constants = self.constant(codes, np.uint8), self.constant(scales.ravel())
        return self.do("Add", self.do("MatMulNBits", rows, *constants, domain=_MICROSOFT, **shape), self.constant(shift))

    def normalised(self, rows: str, scale: Floats, shift: Floats) -> str:
        return self.do("LayerNormalization", rows, self.constant(scale), self.constant(shift), axis=-1, epsilon=EPSILON)

    def split(self, rows: str, width: int, turn: Sequence[int]) -> str:
        shaped = self.do("Reshape", rows, self.constant([-1, HEADS, width // HEADS], np.int64))
        return self.do("Transpose", shaped, perm=list(turn))

    def attended(self, rows: str, weights: Mapping[str, Floats]) -> str:
        width = weights["out"].shape[0]
        together = self.times(rows, weights["qkv"], weights["qkv_b"])
        sizes = self.constant([width] * 3, np.int64)
        names = [f"{together}_{which}" for which in "qkv"]
        self.nodes.append(helper.make_node("Split", [together, sizes], names, axis=-1))
        likeness = self.do("MatMul", self.split(names[0], width, (1, 0, 2)), self.split(names[1], width, (1, 2, 0)))
        shares = self.do("Softmax", self.do("Mul", likeness, self.constant((width // HEADS) ** -0.5)), axis=-1)
        mixed = self.do("Transpose", self.do("MatMul", shares, self.split(names[2], width, (1, 0, 2))), perm=[1, 0, 2])
        return self.times(self.do("Reshape", mixed, self.constant([-1, width], np.int64)), weights["out"], weights["out_b"])

    def layer(self, rows: str, weights: Mapping[str, Floats]) -> str:
        rows = self.normalised(self.do("Add", rows, self.attended(rows, weights)), weights["norm1"], weights["norm1_b"])
        inner = self.do("Gelu", self.times(rows, weights["up"], weights["up_b"]), approximate="tanh")
        outer = self.times(inner, weights["down"], weights["down_b"])
        return self.normalised(self.do("Add", rows, outer), weights["norm2"], weights["norm2_b"])

    def placed(self, vectors: str, positions: Floats, after_embedding: tuple[Floats, Floats]) -> str:
        none, length = self.constant([0], np.int64), self.do("Shape", vectors, start=0, end=1)
        places = self.do("Slice", self.constant(positions), none, length)
        return self.normalised(self.do("Add", vectors, places), *after_embedding)

    def answers(self, rows: str, head: Mapping[str, Floats]) -> tuple[str, str]:
        mean = self.do("ReduceMean", rows, self.constant([0], np.int64), keepdims=0)
        length = self.do("ReduceL2", mean, keepdims=1)
        unit = self.do("Mul", self.do("Div", mean, length), self.constant(SHARPNESS))
        whole = self.do("Add", self.do("MatMul", unit, self.constant(head["whole"])), self.constant(head["bias"]))
        tokens = self.do("MatMul", rows, self.constant(head["token"]))
        loudest = self.do("ReduceLogSumExp", tokens, self.constant([0], np.int64), keepdims=0)
        count = self.do("Log", self.do("Cast", self.do("Shape", rows, start=0, end=1), to=TensorProto.FLOAT))
        half = self.do("Mul", self.do("Sub", loudest, count), self.constant(0.5))
        return self.do("Add", whole, half), tokens


def write_graph(
    path: Path,
    layers: Sequence[Mapping[str, Floats]],
    head: Mapping[str, Floats],
    positions: Floats,
    after_embedding: tuple[Floats, Floats],
) -> None:
    """Write the graph that `intents.encoder` runs."""
    graph = _Graph()
    rows = graph.placed("vectors", positions, after_embedding)
    for weights in layers:
        rows = graph.layer(rows, weights)
    answers = graph.answers(rows, head)
    graph.nodes += [helper.make_node("Identity", [a], [b]) for a, b in zip(answers, ("logits", "tokens"), strict=True)]
    width, intents = head["whole"].shape
    shapes = [("vectors", ["length", width]), ("logits", [intents]), ("tokens", ["length", intents])]
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes]
    built = helper.make_graph(graph.nodes, "encoder", infos[:1], infos[1:], graph.constants)
    model = helper.make_model(built, opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, path)
