"""Builds the encoder's ONNX graph out of the published weights, once, with ONNX Runtime's fused operators.

all-MiniLM-L6-v2: 6 layers, 12 heads, 384 wide, BERT word pieces. The graph takes `ids` and `mask` (int32, batch × length)
and gives `vectors` (float32, batch × 384): mean over the tokens, length 1. Token type 0 is folded into the position table
because our texts never have a second part. Weights are quantised dynamically to int8 per channel (similarities ±0.006).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
_MICROSOFT = "com.microsoft"


def build_graph(weights: dict[str, npt.NDArray[np.float32]], target: Path) -> None:
    """Write the quantised graph to `target`, atomically: a half-written graph is never seen."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        plain, quantised = Path(folder) / "plain.onnx", Path(folder) / "int8.onnx"
        model = _graph(weights)
        add_pre_process_metadata(model)  # says that the graph is final, else the quantiser warns through the root logger
        onnx.save(model, str(plain))
        quantize_dynamic(
            str(plain), str(quantised), per_channel=True, weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
        quantised.replace(target)


def _graph(weights: dict[str, npt.NDArray[np.float32]]) -> Any:
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[Any] = []
    tensors: list[Any] = []

    def tensor(name: str, value: npt.NDArray[Any]) -> str:
        tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(op: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: Any) -> str:
        nodes.append(helper.make_node(op, inputs, outputs, name=f"{op}_{len(nodes)}", domain=domain, **attributes))
        return outputs[0]

    positions = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    node(
        "EmbedLayerNormalization",
        ["ids", "", tensor("words", weights["embeddings.word_embeddings.weight"]), tensor("positions", positions), "",
         tensor("embed_gamma", weights["embeddings.LayerNorm.weight"]), tensor("embed_beta", weights["embeddings.LayerNorm.bias"]), "mask"],
        ["hidden", "lengths"], _MICROSOFT, epsilon=EPSILON,
    )  # fmt: skip
    hidden = "hidden"
    for layer in range(LAYERS):
        hidden = _layer(weights, layer, hidden, tensor, node)
    node("Cast", ["mask"], ["mask_float"], to=TensorProto.FLOAT)
    node("Unsqueeze", ["mask_float", tensor("last_axis", np.array([2], np.int64))], ["mask_column"])
    node("Mul", [hidden, "mask_column"], ["masked"])
    node("ReduceSum", ["masked", tensor("length_axis", np.array([1], np.int64))], ["summed"], keepdims=0)
    node("ReduceSum", ["mask_float", "length_axis"], ["tokens"], keepdims=1)
    node("Div", ["summed", "tokens"], ["mean"])
    node("LpNormalization", ["mean"], ["vectors"], axis=1, p=2)
    graph = helper.make_graph(
        nodes, "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(n, TensorProto.INT32, ["batch", "length"]) for n in ("ids", "mask")],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", WIDTH])],
        tensors,
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)], ir_version=8)


def _layer(weights: dict[str, npt.NDArray[np.float32]], layer: int, hidden: str, tensor: Any, node: Any) -> str:
    prefix, name = f"encoder.layer.{layer}.", f"layer{layer}_"

    def weight(key: str) -> npt.NDArray[np.float32]:
        return weights[prefix + key]

    def joined(kind: str) -> npt.NDArray[np.float32]:
        return np.concatenate([weight(f"attention.self.{part}.{kind}") for part in ("query", "key", "value")])

    def normed(part: str, value: str, beside: str, out: str) -> str:
        """Bias, residual and layer norm. Apart, because ONNX Runtime's one operator for the three takes five times as long."""
        biased = node("Add", [value, tensor(f"{out}_bias", weight(f"{part}.dense.bias"))], [f"{out}_biased"])
        whole = node("Add", [biased, beside], [f"{out}_whole"])
        gamma, beta = (tensor(f"{out}_{kind}", weight(f"{part}.LayerNorm.{name}")) for kind, name in (("gamma", "weight"), ("beta", "bias")))
        return str(node("LayerNormalization", [whole, gamma, beta], [out], axis=-1, epsilon=EPSILON))

    node("Attention", [hidden, tensor(name + "qkv", joined("weight").T), tensor(name + "qkv_bias", joined("bias")), "lengths"],
         [name + "attended"], _MICROSOFT, num_heads=HEADS)  # fmt: skip
    node("MatMul", [name + "attended", tensor(name + "out", weight("attention.output.dense.weight").T)], [name + "projected"])
    normed("attention.output", name + "projected", hidden, name + "normed")
    node("MatMul", [name + "normed", tensor(name + "up", weight("intermediate.dense.weight").T)], [name + "wide"])
    node("BiasGelu", [name + "wide", tensor(name + "up_bias", weight("intermediate.dense.bias"))], [name + "gelu"], _MICROSOFT)
    node("MatMul", [name + "gelu", tensor(name + "down", weight("output.dense.weight").T)], [name + "narrow"])
    return normed("output", name + "narrow", name + "normed", name + "done")
