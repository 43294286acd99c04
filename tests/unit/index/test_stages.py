"""What every stage must do, and what each does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.index.learned import Kind, LearnedReading
from assistant.index.passages import Neighbours
from assistant.index.search_index import SearchIndex
from assistant.index.stages import best_first, make_stages, without_opening
from assistant.index.state import Asked, Stage, State
from tests.unit.index.corpus import PASSAGES, QUESTIONS, SETTINGS, SharedWords, build, encoders

if TYPE_CHECKING:
    from assistant.index.encoders import Vectors
    from assistant.index.shortlist import Nearest
    from assistant.index.state import Scores

NAMES = ["analysis", "bm25", "encode", "shortlist", "dense", "dense", "context", "length", "fusion", "learned", "rerank"]
ALL = np.arange(len(PASSAGES), dtype=np.intp)
SOME = np.array([1, 2, 5, 6], dtype=np.intp)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return build(tmp_path_factory.mktemp("index"))


def reading() -> LearnedReading:
    """Swaps the first two directions for every question like the first."""
    swap = np.eye(16, dtype=np.float32)[[1, 0, *range(2, 16)]]
    near = np.stack([encoders()["two"].encode_query(QUESTIONS[0])])
    return LearnedReading(("one", "two"), {"reports": Kind(near, {"one": swap, "two": swap})}, "two", 0.7, 0.9, 4.0)


def stages(index: SearchIndex) -> list[Stage]:
    return make_stages(index, encoders(), SETTINGS, SharedWords(), None, reading())


def start(index: SearchIndex, question: str, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> State:
    return State(Asked(question), rows, Neighbours.of([passage.document for passage in index.passages], rows))


def frozen(state: State) -> tuple[object, ...]:
    arrays = {name: scores.tolist() for name, scores in state.scores.items()}
    return (arrays, *(None if array is None else array.tolist() for array in (state.total, state.order, state.rows)))


@pytest.mark.parametrize("place", range(len(NAMES)), ids=[f"{number}-{name}" for number, name in enumerate(NAMES)])
class TestEveryStage:
    """The contract of ``Stage``: inherited by whatever is added to ``make_stages``."""

    @pytest.mark.parametrize("question", QUESTIONS)
    @pytest.mark.parametrize("rows", [ALL, SOME, SOME[:1]], ids=["all", "some", "one"])
    def test_keeps_the_contract(
        self, index: SearchIndex, place: int, question: str, rows: np.ndarray[tuple[int], np.dtype[np.intp]]
    ) -> None:
        state = start(index, question, rows)
        for stage in stages(index)[:place]:
            state = stage.apply(state)
        stage, before = stages(index)[place], frozen(state)
        assert stage.name == NAMES[place]
        after = stage.apply(state)
        assert frozen(state) == before, "a stage must not change what it got"
        assert frozen(stages(index)[place].apply(state)) == frozen(after), "the same for the same"
        assert after.rows is state.rows
        assert all(scores.shape == rows.shape and np.isfinite(scores).all() for scores in after.scores.values())
        if after.order is not None:
            assert after.total is not None
            assert sorted(after.order.tolist()) == list(range(len(rows)))
            ids = [index.passages[row].id for row in rows]
            keys = [(-float(after.total[position]), ids[position]) for position in after.order]
            assert keys == sorted(keys), "by falling total, ties by id"


def test_an_opening_that_only_names_the_document_is_dropped() -> None:
    assert without_opening('Consider "Acme"\'s privacy policy; who sees my notes?', ["Acme"]) == "who sees my notes?"
    assert without_opening("Two things matter; who sees my notes?", ["Acme"]) == "Two things matter; who sees my notes?"
    assert without_opening("Does Acme see my notes?", ["Acme"]) == "Does Acme see my notes?"


def test_stages_that_are_switched_off_are_left_out(index: SearchIndex) -> None:
    settings = SETTINGS.model_copy(update={"without": ("context", "rerank", "learned")})
    names = [stage.name for stage in make_stages(index, encoders(), settings, None, None, None)]
    assert names == ["analysis", "bm25", "encode", "shortlist", "dense", "dense", "length", "fusion"]
    for off, gone in (("dense", {"dense", "shortlist"}), ("encode", {"encode", "dense", "shortlist", "learned"})):
        left = make_stages(index, encoders(), SETTINGS.model_copy(update={"without": (off, "rerank")}), None, None, reading())
        assert {stage.name for stage in left} == set(NAMES) - gone - {"rerank"}


def test_a_model_that_is_asked_for_and_not_there_is_named(index: SearchIndex) -> None:
    with pytest.raises(ModelError, match="'two'"):
        make_stages(index, {"one": encoders()["one"]}, SETTINGS, SharedWords(), None, None)
    with pytest.raises(ModelError, match="reranker"):
        make_stages(index, encoders(), SETTINGS, None, None, None)


def test_the_reranker_reads_the_first_few_only_and_they_stay_before_the_rest(index: SearchIndex) -> None:
    reader = SharedWords()
    state = start(index, QUESTIONS[0], ALL)
    made = make_stages(index, encoders(), SETTINGS, reader, None, None)
    for stage in made[:-1]:
        state = stage.apply(state)
    assert state.order is not None
    after = made[-1].apply(state)
    assert after.order is not None
    assert len(reader.read) == SETTINGS.rerank_depth
    assert set(after.order[:3].tolist()) == set(state.order[:3].tolist())
    assert after.order[3:].tolist() == state.order[3:].tolist()


def test_a_passage_alone_in_its_document_gets_nothing_from_neighbours(index: SearchIndex) -> None:
    state = start(index, QUESTIONS[0], ALL)
    for stage in stages(index)[:7]:
        state = stage.apply(state)
    alone = [passage.id for passage in index.passages].index("note-1")
    assert state.scores["smoothed:cosine:one"][alone] == pytest.approx(state.scores["cosine:one"][alone] / 1.25, abs=1e-6)
    between = 1
    own, around = state.scores["cosine:one"][between], (state.scores["cosine:one"][0] + state.scores["cosine:one"][2]) / 2
    assert state.scores["smoothed:cosine:one"][between] == pytest.approx((own + 0.25 * around) / 1.25, abs=1e-6)


def test_a_longer_passage_gets_points_by_the_logarithm_of_its_words(index: SearchIndex) -> None:
    state = next(stage for stage in stages(index) if stage.name == "length").apply(start(index, "x", ALL))
    assert state.scores["length"][0] == pytest.approx(np.log(2))  # "Scope": one word
    assert state.scores["length"][1] == pytest.approx(np.log(11))


def test_questions_far_from_those_trained_on_are_read_as_they_stand() -> None:
    vectors = {name: encoder.encode_query("zebra") for name, encoder in encoders().items()}
    assert reading().moved(vectors) == {}
    near = {name: encoder.encode_query(QUESTIONS[0]) for name, encoder in encoders().items()}
    moved = reading().moved(near)
    assert np.allclose(moved["one"], 4.0 * near["one"][[1, 0, *range(2, 16)]], atol=1e-5)


def shortlisted(index: SearchIndex, size: int, wanted: int = 0, **given: object) -> State:
    """The state after the cosines."""
    state = replace(start(index, QUESTIONS[0], ALL), wanted=wanted)
    settings = SETTINGS.model_copy(update={"shortlist": size, "exact_up_to": 3})
    for stage in make_stages(index, encoders(), settings, SharedWords(), None, None, **given)[:6]:  # type: ignore[arg-type]
        if size or stage.name != "context":
            state = stage.apply(state)
    return state


def test_the_shortlist_keeps_the_best_and_their_neighbours(index: SearchIndex) -> None:
    state, everything = shortlisted(index, 1), shortlisted(index, 0)
    rough = everything.scores["bm25"] + sum(5 * everything.scores[f"cosine:{name}"] for name in SETTINGS.encoders)
    best = int(np.argmax(rough))
    documents = [passage.document for passage in index.passages]
    beside = [row for row in (best - 1, best, best + 1) if 0 <= row < len(ALL) and documents[row] == documents[best]]
    assert state.rows.tolist() == beside
    assert state.scores["bm25"].tolist() == everything.scores["bm25"][beside].tolist()
    assert state.scores["cosine:two"] == pytest.approx(everything.scores["cosine:two"][beside], abs=1e-6)
    place = beside.index(best)
    assert state.neighbours.before[place] == (place - 1 if best - 1 in beside else -1)
    assert state.neighbours.after[place] == (place + 1 if best + 1 in beside else -1)


def test_the_shortlist_leaves_a_small_collection_whole_and_is_longer_where_more_is_wanted(index: SearchIndex) -> None:
    assert shortlisted(index, 2).rows is ALL
    assert shortlisted(index, 1).rows is not ALL
    assert shortlisted(index, 1, wanted=1).rows is ALL


def test_more_passages_than_are_gone_through_are_chosen_with_a_database(index: SearchIndex) -> None:
    """It gives the last of the nearest as the most that the others can have; their exact cosines are worked out as ever."""
    asked_for: list[int] = []

    def nearest(name: str) -> Nearest:
        def search(question: Vectors, count: int) -> Scores:
            asked_for.append(count)
            cosines = index.vectors[name] @ question
            known: Scores = np.maximum(cosines, np.sort(cosines)[-count])
            return known

        return search

    by_database = shortlisted(index, 1, nearest={name: nearest(name) for name in SETTINGS.encoders})
    assert asked_for == [1, 1]
    exact = shortlisted(index, 1)
    assert by_database.rows.tolist() == exact.rows.tolist()
    assert by_database.scores["cosine:two"].tolist() == exact.scores["cosine:two"].tolist()


def test_the_cosines_of_few_rows_are_those_of_all(index: SearchIndex) -> None:
    few = np.array([2], dtype=np.intp)
    encode, dense = (next(stage for stage in stages(index) if stage.name == name) for name in ("encode", "dense"))
    whole = dense.apply(encode.apply(start(index, QUESTIONS[0], ALL))).scores["cosine:one"]
    assert dense.apply(encode.apply(start(index, QUESTIONS[0], few))).scores["cosine:one"] == pytest.approx(whole[few], abs=1e-6)


def test_ties_fall_by_id_however_many_there_are() -> None:
    generator = np.random.default_rng(0)
    for count, kinds in ((2000, 4), (2000, 1900), (1, 1), (50, 50)):
        total = generator.integers(0, kinds, size=count).astype(np.float32)
        places = generator.permutation(count).astype(np.intp)
        assert best_first(total, places).tolist() == np.lexsort((places, -total)).tolist()
