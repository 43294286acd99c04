"""How near a question lies to ways of asking, and what is made of it."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from assistant.converse.exemplars import Exemplars, Near
from assistant.converse.judgement import Judgement, judgement
from assistant.converse.spelling import Spelling
from assistant.converse.words import words_of
from assistant.index.anchors import Cosines
from assistant.schema import Exemplar, Knowledge
from tests.unit.samples import sample_knowledge


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    held = sample_knowledge(tmp_path)
    clause = next(iter(held.clauses))
    ways = (
        Exemplar(id="provision", clauses=(clause,), asks=("How soon must a breach be reported?", "Deadline for a leak")),
        Exemplar(id="outside", wish="outside", asks=("How do I cook rice?",)),
        Exemplar(id="criterion", criterion="VT-12", asks=("Does the service report a breach?",)),
    )
    return replace(held, exemplars={way.id: way for way in ways})


def cosines(knowledge: Knowledge, **given: float) -> Cosines:
    """Those given, by the key's words (``provision_0`` for "provision/0"); 0 with all other ways of asking."""
    keys = [f"{way.id}/{number}" for way in knowledge.exemplars.values() for number in range(len(way.asks))]
    return Cosines.of({key: given.get(key.replace("/", "_"), 0.0) for key in keys})


def exemplars_of(knowledge: Knowledge) -> Exemplars:
    return Exemplars(knowledge, cosines(knowledge).kind.keys)


def test_the_nearest_way_of_asking_counts_by_meaning_and_by_words(knowledge: Knowledge) -> None:
    clause = next(iter(knowledge.clauses))
    exemplars = exemplars_of(knowledge)
    near = cosines(knowledge, provision_0=0.5, provision_1=0.25, outside_0=0.9)
    assert exemplars.meant(near) == {clause: pytest.approx(0.5)}
    assert exemplars.said("zzz", len(near.values)) == {clause: 0}
    # BM25 worked out by hand: the ways of asking have four stems and two, and "breach" stands in one of them
    share = 1.6 / (1 + 0.6 * (0.3 + 0.7 * 4 / 3))
    assert exemplars.said("a breach", len(near.values)) == {clause: pytest.approx(share * log(1 + 1.5 / 1.5))}


def test_wishes_criteria_and_provisions_are_kept_apart(knowledge: Knowledge) -> None:
    exemplars = exemplars_of(knowledge)
    found = cosines(knowledge, provision_0=0.5, provision_1=0.25, outside_0=0.75, criterion_0=0.625)
    assert exemplars.wishes(found)["outside"] == Near(0.75, 0.75)
    assert exemplars.wishes(found)["verdict"] == Near()
    assert exemplars.provisions(found) == Near(0.5, 0.375)
    assert exemplars.criteria(found) == {"VT-12": 0.625}


def test_only_the_three_nearest_ways_of_asking_count_for_the_mean() -> None:
    assert Near.of(np.array([0.25, 0.5, 1.0, 0.75], dtype=np.float32)) == Near(1.0, 0.75)


def test_of_two_wordings_the_nearer_counts_and_ties_fall_by_key(knowledge: Knowledge) -> None:
    first, second = cosines(knowledge, provision_1=0.5, outside_0=0.25), cosines(knowledge, outside_0=0.5)
    nearer = first.or_nearer(Cosines(first.kind, second.values))
    assert list(nearer.nearest_first())[:2] == [("outside/0", 0.5), ("provision/1", 0.5)]
    assert nearer.among(["criterion/0", "nothing/0", "outside/0"]) == {"criterion/0": 0.0, "outside/0": 0.5}


@pytest.mark.parametrize("fields", [{}, {"clauses": ("GDPR Art. 5",), "wish": "law"}, {"criterion": "VT-01", "wish": "topic"}])
def test_a_way_of_asking_serves_exactly_one_end(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="give either"):
        Exemplar.model_validate({"id": "both", "asks": ["Why?"], **fields})


def test_a_judgement_chooses_the_likeliest_outcome_and_its_shares_add_up() -> None:
    model = Judgement(
        signals=("near",), outcomes=("no", "yes"), weights={"no": (0.0,), "yes": (10.0,)}, constants={"no": 0.0, "yes": -5.0}, fitted={}
    )
    assert (model.choose({"near": 0.4}), model.choose({"near": 0.6})) == ("no", "yes")
    assert sum(model.shares({"near": 0.6}).values()) == pytest.approx(1.0)
    with pytest.raises(KeyError):
        model.choose({})


@pytest.mark.parametrize("name, outcomes", [("about_tool", {"verdict", "topic", "outside"}), ("without_tool", {"held", "outside"})])
def test_the_shipped_models_know_their_outcomes_and_how_they_were_fitted(name: str, outcomes: set[str]) -> None:
    model = judgement(name)
    assert set(model.outcomes) == outcomes
    assert {"day", "questions", "right_across_folds"} <= model.fitted.keys()
    assert all(len(weights) == len(model.signals) for weights in model.weights.values())


def test_a_misspelt_word_is_put_right_for_the_search_but_no_name(knowledge: Knowledge) -> None:
    spelling = Spelling(knowledge, {"report", "must"}.__contains__)
    assert spelling.correct("brech must be reportd to Brechin") == "breach must be reported to Brechin"


def test_every_expression_of_the_language_file_compiles() -> None:
    words = words_of("en")
    names = [name for name, value in words if isinstance(value, tuple) and name not in ("unknown_tool",)]
    assert len(names) > 20
    for name in names:
        words.says(name, "Is this a question?")


def test_a_language_without_a_file_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        words_of("xx")
