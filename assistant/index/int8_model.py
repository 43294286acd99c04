"""A model whose matrices are multiplied in int8, made once from one that only stores them in int8.

The package's MiniLM keeps int8 weights and turns them back into fp32 when it is loaded, so it saves disk and no time. From it a model is
made that onnxruntime multiplies in int8, and kept in a folder:

    <name>.onnx           the model
    <name>.onnx.sha256    its hash, checked whenever it is opened; what is missing or damaged is made again

Three things keep its vectors near the original's. Channels of an activation that are far larger than the rest are scaled down before
they are rounded, and the matrix's rows up by as much (SmoothQuant, arXiv:2211.10438, applied to outliers only); each column of a matrix
has a scale of its own; and texts are encoded one by one, since the scale of what is rounded follows everything in a batch. Weights use
7 of the 8 bits: processors without VNNI add two products in 16 bits, which overflow with 8, so the same file computes the same integers
on every processor.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import ModelError
from assistant.index.model_files import ModelFile, file_sha256, open_session, open_tokenizer, padded_inputs, session_options

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

RECIPE = 2
"""Part of the model's name and of its encoder's fingerprint: raised whenever what is made changes."""

_OUTLIER = 2.0  # times the median channel
_MAX_TOKENS = 256

# What the activations are measured on: short and long, headings, numbers and lists, since outliers sit in a few channels whatever is read.
_TEXTS = (
    "Recordings",
    "Who may read the notes of a session?",
    "§ 12.4 Sub-processors; list and objection (30 days)",
    "Can I use the free plan with clients in Ireland and England, and do I need a signed agreement for that?",
    "The provider tells the customer of a breach without undue delay, and in any case within 48 hours after it has become aware of it.",
    "We keep account data for as long as the account exists. After it was closed, backups are overwritten within 90 days, unless a law "
    "obliges us to keep them, for example invoices (10 years) or records of consent.",
    "Article 9: (a) explicit consent; (b) employment and social security; (c) vital interests; (d) not-for-profit bodies; (e) data made "
    "public by the person; (f) legal claims.",
    "An authorised firm must maintain adequate capital, must report large exposures to the regulator each quarter, and must not lend to a "
    "connected person on terms better than those for others. Where a limit in table 3.2 is exceeded by more than 5 %, the firm notifies "
    "the regulator in writing on the same business day and says what it will do, by when, and who is responsible for it.",
)


def open_int8(source: ModelFile, words: ModelFile, folder: Path | None) -> Any:
    """A session of the int8 model made from ``source``; kept in ``folder``, or for this process only if None.

    A folder that cannot be written to costs the seconds of making it and nothing else. Raises ModelError if a file of the packages is
    missing or not the one expected, or the model cannot be made.
    """
    if folder is None:
        return open_session(_made(source, words))
    path = folder / f"{Path(source.package).name}-{source.sha256[:12]}-{RECIPE}.onnx"
    if _is_whole(path):
        return open_session(path)
    made = _made(source, words)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(path, made)
        _replace(_hash_beside(path), hashlib.sha256(made).hexdigest().encode())
    except OSError:
        return open_session(made)
    return open_session(path)


def _is_whole(path: Path) -> bool:
    try:
        return file_sha256(path) == _hash_beside(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return False


def _hash_beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


@lru_cache(maxsize=1)
def _made(source: ModelFile, words: ModelFile) -> bytes:
    """The int8 model, from the package's; takes a second or two."""
    try:
        import onnx
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError as error:
        raise ModelError(f"The embedding model cannot be prepared: {error}. Install clausewise again.") from error

    with tempfile.TemporaryDirectory() as scratch:
        folded, target = Path(scratch) / "folded.onnx", Path(scratch) / "int8.onnx"
        _fold(source.path(), folded)
        model = onnx.load(str(folded))
        _tame_outliers(model, open_tokenizer(words, _MAX_TOKENS))
        # says that what the quantizer would advise to do first has been done
        onnx.helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
        with _root_logger_left_alone():
            quantize_dynamic(
                model, target, op_types_to_quantize=["MatMul", "Gather"], per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
            )
        return target.read_bytes()


@contextmanager
def _root_logger_left_alone() -> Iterator[None]:
    """The quantizer logs through the root logger, which would set that up for good if it had no handler."""
    nobody = logging.NullHandler()
    logging.getLogger().addHandler(nobody)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(nobody)


def _fold(path: Path, target: Path) -> None:
    """The same model with its weights turned back into fp32 and its constants computed."""
    import onnxruntime

    options = session_options()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _tame_outliers(model: Any, tokenizer: Any) -> None:
    """Divide the outlying channels of what is multiplied by a matrix, and multiply the matrix's rows by as much: the same product."""
    from onnx import helper, numpy_helper

    graph = model.graph
    weights = {entry.name: entry for entry in graph.initializer}
    readers: dict[str, list[Any]] = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            readers.setdefault(node.input[0], []).append(node)
    before: dict[str, Any] = {}  # by the name of the first node that reads it, the node to put before that
    for name, largest in _largest(model, tuple(readers), tokenizer).items():
        scale = np.maximum(1, largest / (_OUTLIER * np.median(largest))).astype(np.float32)
        shared = f"{name}/scale"
        graph.initializer.append(numpy_helper.from_array(1 / scale, shared))
        before[readers[name][0].name] = helper.make_node("Mul", [name, shared], [f"{name}/tamed"], name=f"{name}/tamed")
        for node in readers[name]:
            entry = weights[node.input[1]]
            entry.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(entry) * scale[:, None], entry.name))
            node.input[0] = f"{name}/tamed"
    nodes = list(_interleaved(graph.node, before))
    del graph.node[:]
    graph.node.extend(nodes)


def _interleaved(nodes: Iterable[Any], before: Mapping[str, Any]) -> Iterable[Any]:
    for node in nodes:
        if node.name in before:
            yield before[node.name]
        yield node


def _largest(model: Any, names: Sequence[str], tokenizer: Any) -> dict[str, Numbers]:
    """The largest absolute value in each channel of each of the named activations, over the texts above."""
    import onnx
    import onnxruntime

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    options = session_options()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    largest = {name: np.zeros(1, dtype=np.float32) for name in names}
    for text in _TEXTS:
        inputs, _ = padded_inputs(session, [tokenizer.encode(text).ids])
        for name, values in zip(names, session.run(list(names), inputs), strict=True):
            largest[name] = np.maximum(largest[name], np.abs(values).max(axis=(0, 1)))
    return largest
