"""What indexing and a cold question cost, in CPU seconds of fresh processes, and what a cold question spends them on.

`python -m eval.bench.speed` works on an empty temporary data folder and prints one JSON object. Ratios compare within one run only.
With `--home FOLDER` it asks an indexed data folder instead, and indexing is not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

QUESTION = "Is Zoom safe for therapy?"
PROGRAM = (sys.executable, "-m", "assistant")
STAGES = """
import json, os, time
start = time.process_time()
from assistant.assistant import Assistant
from assistant.settings import Settings
imported = time.process_time()
assistant = Assistant.open(Settings.from_environment(os.environ))
opened = time.process_time()
assistant.knowledge
loaded = time.process_time()
first = assistant.ask({question!r})
asked = time.process_time()
assistant.ask({question!r})
print(json.dumps({{"import": imported - start, "check files and index": opened - imported, "load": loaded - opened,
                  "first question": asked - loaded, "same question again": time.process_time() - asked}}))
"""
HELP_IMPORTS = """
import sys
from assistant.interfaces.cli import main
sys.argv = ["clausewise", "--help"]
try:
    main()
except SystemExit:
    pass
sys.stdout.flush()
print(" ".join(name for name in ("torch", "sentence_transformers", "chromadb", "gradio") if name in sys.modules) or "none", file=sys.stderr)
"""
FIRST_VECTOR = """
from sentence_transformers import SentenceTransformer
from assistant.index.model_files import reference_model
SentenceTransformer(str(reference_model()), local_files_only=True, device="cpu").encode_query(inputs=["a question"])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--home", type=Path, help="an indexed data folder; one is made from nothing if not given")
    home: Path | None = parser.parse_args().home
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CLAUSEWISE_HOME": str(home or Path(folder) / "home"), "HF_HUB_OFFLINE": "1"}
        indexing = {} if home else _measure_indexing(environment)
        print(json.dumps({**indexing, **_measure_asking(environment)}, indent=2))


def _measure_indexing(environment: dict[str, str]) -> dict[str, object]:
    first, said = _cpu([*PROGRAM, "index"], environment)
    again, _ = _cpu([*PROGRAM, "index"], environment)
    clauses = int(said.split()[0])
    return {
        "clauses": clauses,
        "index_cpu_seconds": round(first, 2),
        "clauses_per_cpu_second": round(clauses / first, 1),
        "second_index_cpu_seconds": round(again, 2),
        "second_index_share_of_first": round(again / first, 3),
    }


def _measure_asking(environment: dict[str, str]) -> dict[str, object]:
    _cpu([*PROGRAM, "ask", QUESTION, "--json"], environment)  # whatever a changed program still has to bring up to date
    cold = min(_cpu([*PROGRAM, "ask", QUESTION, "--json"], environment)[0] for _ in range(3))
    plain = min(_cpu([sys.executable, "-c", "import typer, rich"], environment)[0] for _ in range(5))
    heavy = subprocess.run([sys.executable, "-c", HELP_IMPORTS], env=environment, check=True, capture_output=True, text=True).stderr
    helped = min(_cpu([*PROGRAM, "--help"], environment)[0] for _ in range(5))
    reference = min(_cpu([sys.executable, "-c", FIRST_VECTOR], environment)[0] for _ in range(3))
    _, stages = _cpu([sys.executable, "-c", STAGES.format(question=QUESTION)], environment)
    return {
        "cold_ask_cpu_seconds": round(cold, 2),
        "cold_ask_stages_cpu_seconds": {name: round(value, 3) for name, value in json.loads(stages).items()},
        "cold_ask_against_first_vector_of_sentence_transformers": round(cold / reference, 2),
        "help_cpu_seconds": round(helped, 2),
        "help_against_importing_typer_and_rich": round(helped / plain, 2),
        "help_imports_of_torch_sentence_transformers_chromadb_gradio": heavy.strip().splitlines()[-1],
    }


def _cpu(command: list[str], environment: dict[str, str]) -> tuple[float, str]:
    """User and system CPU seconds of a process and its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, result.stdout


if __name__ == "__main__":
    main()
