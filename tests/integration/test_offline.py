"""With the network cut off, from an empty home folder, index, questions and the page work; and nothing is loaded that is not needed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.network import run_cut_off
from tests.places import CHECKOUT

QUESTION = "Is Zoom safe for therapy?"

REACH_OUT = """
import socket
for address in [("192.0.2.1", 443), ("example.org", 443)]:
    try:
        socket.create_connection(address, timeout=5)
    except OSError:
        print("cut off")
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname(), timeout=5).close()
    print("loopback open")
"""

# Starts the page as a person would, fetches it, and ends it with Ctrl-C, which a process in the background would otherwise not hear.
OPEN_THE_PAGE = """
import signal, subprocess, sys, threading, urllib.request
signal.signal(signal.SIGINT, signal.default_int_handler)
page = subprocess.Popen([sys.executable, "-m", "assistant", "chat", "--no-browser"], stdout=subprocess.PIPE, text=True)
limit = threading.Timer(120, page.kill)
limit.daemon = True
limit.start()
try:
    address = next(line for line in page.stdout if line.startswith("Open ")).split()[1]
    with urllib.request.urlopen(address, timeout=60) as response:
        print(response.status, response.headers.get_content_type())
    page.send_signal(signal.SIGINT)
    print("ended with", page.wait())
finally:
    page.kill()
"""


OWN_SOURCE = """
source:
  id: handbook
  title: Handbook of the practice
  label: Our handbook
  kind: guidance
  publisher: The practice
  url: "https://example.org/handbook"
  tools: []
  jurisdictions: []
  language: en
versions:
  - id: "2026-11-01"
    version_date: 2026-11-01
    as_of: 2026-11-01
    read:
      - {address: "https://example.org/handbook", date: 2026-11-01}
clauses:
  - locator: "§1"
    text: The umbrella stand is emptied every evening.
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of somebody who has just installed the program: nothing set, nothing cached."""
    (tmp_path / "nobody").mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(tmp_path / "nobody"), "CLAUSEWISE_HOME": str(tmp_path / "clausewise")}


def test_the_cut_leaves_nothing_but_the_loopback(environment: dict[str, str], tmp_path: Path) -> None:
    result = run_cut_off(["-c", REACH_OUT], folder=tmp_path, environment=environment)
    assert result.stdout.splitlines() == ["cut off", "cut off", "loopback open"], result.stderr


def test_index_and_question_need_no_network(environment: dict[str, str], tmp_path: Path) -> None:
    own = tmp_path / "clausewise" / "knowledge"
    own.mkdir(parents=True)
    (own / "handbook.yaml").write_text(OWN_SOURCE, encoding="utf-8")  # its vectors do not come with the program
    indexed = run_cut_off(["-m", "assistant", "index"], folder=tmp_path, environment=environment)
    assert indexed.returncode == 0, indexed.stderr
    assert re.search(r"\b[1-9]\d* encoded", indexed.stdout)
    answered = run_cut_off(["-m", "assistant", "ask", QUESTION, "--json"], folder=tmp_path, environment=environment)
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)["citations"]


def test_question_leaves_nothing_outside_its_own_folder(environment: dict[str, str], own_home: Path, tmp_path: Path) -> None:
    """No cache, no identifier and no usage data waiting to be sent by a package that the program uses."""
    question = ["-m", "assistant", "search", "who may read the messages", "--json"]
    found = run_cut_off(question, folder=tmp_path, environment={**environment, "CLAUSEWISE_HOME": str(own_home)})
    assert found.returncode == 0, found.stderr
    assert sorted((tmp_path / "nobody").rglob("*")) == []


def test_page_starts_without_a_network_and_ends_with_ctrl_c(environment: dict[str, str], own_home: Path, tmp_path: Path) -> None:
    opened = run_cut_off(["-c", OPEN_THE_PAGE], folder=tmp_path, environment={**environment, "CLAUSEWISE_HOME": str(own_home)})
    assert opened.stdout.splitlines() == ["200 text/html", "ended with 0"], opened.stderr


def imported_packages(*arguments: str, home: Path) -> set[str]:
    """Top names of everything that ``clausewise ARGUMENTS`` imports."""
    command = [sys.executable, "-X", "importtime", "-m", "assistant", *arguments]
    environment = {**os.environ, "CLAUSEWISE_HOME": str(home)}
    result = subprocess.run(command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr[-2_000:]
    return {name.partition(".")[0] for name in re.findall(r"^import time:.*\|\s+(\S+)$", result.stderr, re.MULTILINE)}


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    imported = imported_packages("--help", home=tmp_path)
    assert "typer" in imported
    assert imported & {"torch", "sentence_transformers", "chromadb", "gradio", "onnxruntime", "numpy", "langchain_core"} == set()


def test_question_imports_no_torch_and_no_page(home: Path) -> None:
    imported = imported_packages("ask", QUESTION, home=home)
    assert "onnxruntime" in imported or "numpy" in imported
    assert imported & {"torch", "sentence_transformers", "transformers", "gradio"} == set()
    assert imported & {"langchain", "langchain_openai", "openai", "langsmith"} == set()  # no language model is set
