"""Who is compared, and what each one is."""

from __future__ import annotations

from dataclasses import dataclass

EMBEDDED, SENTENCE_TRANSFORMERS, CHROMA_ONNX = "embedded", "sentence-transformers", "chroma-onnx"


@dataclass(frozen=True, slots=True)
class Contestant:
    """``environment`` names the file of versions; None runs in the environment of this program, with this profile and without these
    stages. ``encoder`` is the one it comes with; None if it looks at no vectors.
    """

    name: str
    title: str
    module: str
    environment: str | None
    encoder: str | None = None
    profile: str | None = None
    without: tuple[str, ...] = ()


_WORKERS = "eval.peers.workers"

PEERS = (
    Contestant("bm25s", "bm25s alone", f"{_WORKERS}.bm25s_alone", "bm25s"),
    Contestant("chroma", "Chroma as it comes", f"{_WORKERS}.chroma", "chroma", CHROMA_ONNX),
    Contestant("txtai", "txtai, hybrid", f"{_WORKERS}.txtai", "txtai", SENTENCE_TRANSFORMERS),
    Contestant(
        "langchain", "LangChain, EnsembleRetriever over BM25 and Chroma", f"{_WORKERS}.langchain", "langchain", SENTENCE_TRANSFORMERS
    ),
    Contestant("llamaindex", "LlamaIndex, QueryFusionRetriever", f"{_WORKERS}.llamaindex", "llamaindex", SENTENCE_TRANSFORMERS),
    Contestant("haystack", "Haystack, hybrid pipeline", f"{_WORKERS}.haystack", "haystack", SENTENCE_TRANSFORMERS),
)
OWN = tuple(
    Contestant(f"clausewise-{profile}", f"clausewise, {profile}", f"{_WORKERS}.clausewise", None, EMBEDDED, profile)
    for profile in ("fast", "default", "best")
)
# The learned part may have been trained on the very questions that are asked: quality is compared without it.
UNLEARNED = Contestant(
    "clausewise-unlearned",
    "clausewise, default without learned part",
    f"{_WORKERS}.clausewise",
    None,
    EMBEDDED,
    "default",
    ("learned",),
)
LEARNED = frozenset(entry.name for entry in OWN if entry.profile != "fast")
CONTESTANTS = {entry.name: entry for entry in (*OWN, UNLEARNED, *PEERS)}
