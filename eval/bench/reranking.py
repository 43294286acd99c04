"""What the reranker costs, by pair and by question.

`python -m eval.bench.reranking --dataset DIR [--questions 20] [--depth 30]` prints one JSON object, in CPU milliseconds.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from assistant.index.reranker import CrossEncoder
from assistant.index.search_index import searched_text
from eval.retrieval.datasets import load_data_set
from eval.retrieval.system import BM25System


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=20, help="drawn at random")
    parser.add_argument("--depth", type=int, default=30, help="passages read a question: the first by plain BM25")
    arguments = parser.parse_args()
    data = load_data_set(arguments.dataset).select(sample=arguments.questions)
    texts = {passage.id: searched_text(passage) for passage in data.passages}
    first, reranker = BM25System(), CrossEncoder()
    first.build(data.passages, Path("unused"), lambda done, total: None)
    reranker.score("warm up", ["warm up"])
    spent, pairs, characters = [], 0, 0
    for query in data.queries:
        hits = first.rank(query.asked(within_document=True), {query.document} if query.document else None, arguments.depth).hits
        chosen = [texts[hit.passage] for hit in hits]
        start = time.process_time()
        reranker.score(query.asked(within_document=True), chosen)
        spent.append(time.process_time() - start)
        pairs += len(chosen)
        characters += sum(map(len, chosen))
    report = {
        "data_set": data.name,
        "questions": len(spent),
        "pairs": pairs,
        "characters_a_passage": round(characters / pairs),
        "cpu_ms_a_pair": round(1000 * sum(spent) / pairs, 1),
        "cpu_ms_a_question_p50": round(1000 * float(np.median(spent))),
        "cpu_ms_a_question_p95": round(1000 * float(np.percentile(spent, 95))),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
