"""What encoding the questions takes with the encoder that a system ships, and with this program's: a process each, on one thread.

``python -m eval.peers.encoding NAME MODELS`` reads a JSON list of questions and prints wall and CPU seconds of each. All are the same
all-MiniLM-L6-v2; what a framework puts around the call (checks, lists of vectors) comes on top and is not measured here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import AssistantError
from eval.peers.environments import own_environment, variables
from eval.peers.roster import CHROMA_ONNX, EMBEDDED, SENTENCE_TRANSFORMERS

Spent = list[tuple[float, float]]


def measure_encoding(name: str, questions: Sequence[str], models: Path) -> Spent:
    """Wall and CPU seconds of each question, in order, after a few that are not counted. Raises AssistantError if it cannot be run."""
    environment = own_environment()
    done = subprocess.run(
        [str(environment.python), "-m", "eval.peers.encoding", name, str(models)],
        input=json.dumps(list(questions)),
        env={**variables(), "PYTHONPATH": str(environment.code)},
        cwd=environment.code,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise AssistantError(f"Encoding by {name} could not be measured: {done.stderr.strip()[-500:]}")
    return [(wall, cpu) for wall, cpu in json.loads(done.stdout.splitlines()[-1])]


def _embedded(models: Path) -> Callable[[str], object]:
    from assistant.index.encoders import make_encoder
    from assistant.settings import EMBEDDED_ENCODER

    return make_encoder(EMBEDDED_ENCODER, models).encode_query


def _sentence_transformers(models: Path) -> Callable[[str], object]:
    """As the frameworks call it: the official weights through torch."""
    from sentence_transformers import SentenceTransformer

    from assistant.index.model_files import reference_model

    model = SentenceTransformer(str(reference_model()), local_files_only=True, device="cpu")
    return lambda text: model.encode(inputs=[text], normalize_embeddings=True, show_progress_bar=False)


def _chroma_onnx(models: Path) -> Callable[[str], object]:
    """Chroma's own function, which would fetch its model: here over the package's file, which computes in fp32 as that does."""
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    from assistant.index.model_files import MINILM_MODEL, MINILM_WORDS

    folder = Path(tempfile.mkdtemp()) / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
    folder.mkdir()
    for name, file in (("model.onnx", MINILM_MODEL), ("tokenizer.json", MINILM_WORDS)):
        (folder / name).symlink_to(file.path())

    class OverPackageFile(ONNXMiniLM_L6_V2):
        DOWNLOAD_PATH = folder.parent

        def _download_model_if_not_exists(self) -> None:
            """Nothing is ever fetched."""

    function = OverPackageFile()
    return lambda text: function([text])


MAKERS = {EMBEDDED: _embedded, SENTENCE_TRANSFORMERS: _sentence_transformers, CHROMA_ONNX: _chroma_onnx}


def main() -> None:
    name, models = sys.argv[1:]
    encode = MAKERS[name](Path(models))
    questions = json.load(sys.stdin)
    for text in questions[:3]:
        encode(text)
    spent = []
    for text in questions:
        wall, cpu = time.perf_counter(), time.process_time()
        encode(text)
        spent.append((time.perf_counter() - wall, time.process_time() - cpu))
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
