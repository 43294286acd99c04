"""The pipeline over an index in a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import IndexDamagedError, ModelError
from assistant.index.passages import Passage
from assistant.index.pipeline import Pipeline
from assistant.index.search_index import SearchIndex, check_model
from assistant.settings import RetrievalSettings
from tests.unit.index.corpus import PASSAGES, QUESTIONS, SETTINGS, HashedWords, SharedWords, build, encoders


def pipeline(index: SearchIndex, **changed: object) -> Pipeline:
    settings = SETTINGS.model_copy(update={"learned": False, **changed})
    return Pipeline(index, encoders(), settings, reranker=SharedWords())


def test_the_passage_that_answers_comes_first_with_what_each_stage_gave_it(tmp_path: Path) -> None:
    ranking = pipeline(build(tmp_path)).rank(QUESTIONS[0])
    assert ranking.ids[0] == "law-2"
    assert {"bm25", "cosine:one", "cosine:two", "length", "rerank"} <= set(ranking.entries[0].stages)
    assert {"analysis", "bm25", "dense", "context", "fusion", "rerank"} <= set(ranking.seconds)


def test_an_index_that_was_saved_ranks_the_same(tmp_path: Path) -> None:
    index = build(tmp_path)
    index.save(tmp_path / "index")
    opened = SearchIndex.open(tmp_path / "index")
    for question in QUESTIONS:
        assert pipeline(opened).rank(question).entries == pipeline(index).rank(question).entries


def test_a_filter_lets_only_its_passages_through(tmp_path: Path) -> None:
    index = build(tmp_path)
    ranking = pipeline(index).rank(QUESTIONS[1], mask=index.of_document("terms"))
    assert ranking.ids == ["terms-2", "terms-1"]
    nothing = pipeline(index).rank(QUESTIONS[1], mask=np.zeros(len(PASSAGES), dtype=bool))
    assert nothing.entries == ()


def test_no_more_than_asked_for_and_an_empty_question_finds_nothing(tmp_path: Path) -> None:
    ranked = pipeline(build(tmp_path))
    assert len(ranked.rank(QUESTIONS[0], top_k=2).entries) == 2
    assert ranked.rank("  ").entries == ()


def test_ties_fall_by_id(tmp_path: Path) -> None:
    ranked = pipeline(build(tmp_path), without=("dense", "context", "length", "rerank"))
    ids = ranked.rank("zebra").ids  # no word of it stands anywhere: all have 0
    assert ids == sorted(passage.id for passage in PASSAGES)


def test_a_share_means_the_same_in_a_corpus_of_ten_times_the_size_where_the_score_does_not(tmp_path: Path) -> None:
    more = [Passage(f"other-{number}", "other", f"Item {number} of a list about gardens and trains.") for number in range(1000)]
    small, large = (
        pipeline(build(tmp_path, passages)).rank(QUESTIONS[0]).entries[0] for passages in ([*PASSAGES, *more[:100]], [*PASSAGES, *more])
    )
    assert small.id == large.id == "law-2"
    assert large.score > 1.2 * small.score
    assert large.share == pytest.approx(small.share, abs=0.03)


@pytest.mark.parametrize("damage", ["index.json", "words/terms.json", "words/weights.npy"])
def test_a_damaged_folder_is_noticed(tmp_path: Path, damage: str) -> None:
    build(tmp_path).save(tmp_path / "index")
    (tmp_path / "index" / damage).write_bytes(b"\x00")
    with pytest.raises(IndexDamagedError, match="Build it again"):
        SearchIndex.open(tmp_path / "index")


def test_a_model_without_unit_vectors_is_refused_before_anything_is_written() -> None:
    class Long(HashedWords):
        def encode_query(self, text: str):  # type: ignore[no-untyped-def]
            return 2 * super().encode_query(text)

    with pytest.raises(ModelError, match="no unit vectors"):
        check_model(Long(), "long")


def test_a_changed_passage_or_model_gives_another_version(tmp_path: Path) -> None:
    index = build(tmp_path)
    changed = [*PASSAGES[:-1], Passage("terms-2", "terms", "Other words.")]
    assert build(tmp_path, changed).version != index.version
    assert build(tmp_path).version == index.version


def test_each_encoder_needs_its_weight() -> None:
    with pytest.raises(ValueError, match="2 encoders need as many dense_weights, not 1"):
        RetrievalSettings(encoders=("one", "two"), dense_weights=(1.0,))
