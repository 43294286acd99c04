"""Who is compared, and what each one is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contestant:
    """``environment`` names the file of versions; None runs in the environment of this program, with this profile and without these
    stages.
    """

    name: str
    title: str
    module: str
    environment: str | None
    profile: str | None = None
    without: tuple[str, ...] = ()


_WORKERS = "eval.peers.workers"

PEERS = (
    Contestant("bm25s", "bm25s alone", f"{_WORKERS}.bm25s_alone", "bm25s"),
    Contestant("chroma", "Chroma as it comes", f"{_WORKERS}.chroma", "chroma"),
    Contestant("txtai", "txtai, hybrid", f"{_WORKERS}.txtai", "txtai"),
    Contestant("langchain", "LangChain, EnsembleRetriever over BM25 and Chroma", f"{_WORKERS}.langchain", "langchain"),
    Contestant("llamaindex", "LlamaIndex, QueryFusionRetriever", f"{_WORKERS}.llamaindex", "llamaindex"),
    Contestant("haystack", "Haystack, hybrid pipeline", f"{_WORKERS}.haystack", "haystack"),
)
OWN = tuple(
    Contestant(f"clausewise-{profile}", f"clausewise, {profile}", f"{_WORKERS}.clausewise", None, profile)
    for profile in ("fast", "default", "best")
)
# The learned part may have been trained on the very questions that are asked: quality is compared without it.
UNLEARNED = Contestant(
    "clausewise-unlearned", "clausewise, default without its learned part", f"{_WORKERS}.clausewise", None, "default", ("learned",)
)
LEARNED = frozenset(entry.name for entry in OWN if entry.profile != "fast")
CONTESTANTS = {entry.name: entry for entry in (*OWN, UNLEARNED, *PEERS)}
