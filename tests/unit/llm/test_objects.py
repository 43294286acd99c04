"""Claims are read out of a reply while it is being written."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm import MalformedReplyError, ObjectReader

REPLY = '{"claims": [{"text": "A ] and } and \\" in it."}, {"text": "B", "keys": ["k"]}], "more": [{"x": 1}]}'
CLAIMS = [{"text": 'A ] and } and " in it.'}, {"text": "B", "keys": ["k"]}]


def read(reader: ObjectReader, pieces: list[str]) -> list[dict[str, object]]:
    return [entry for piece in pieces for entry in reader.feed(piece)]


def read_whole(text: str) -> None:
    reader = ObjectReader("claims", max_characters=1_000)
    reader.feed(text)
    reader.close(cut_short=False)


@given(st.lists(st.integers(0, len(REPLY)), max_size=20))
def test_however_a_reply_is_cut_into_pieces_the_claims_are_the_same(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(REPLY)]
    reader = ObjectReader("claims", max_characters=1_000)
    assert read(reader, [REPLY[a:b] for a, b in pairwise(places)]) == CLAIMS
    reader.close(cut_short=False)


def test_a_claim_is_given_as_soon_as_it_is_complete() -> None:
    reader = ObjectReader("claims", max_characters=1_000)
    assert reader.feed('{"claims": [{"text": "A"') == []
    assert reader.feed('}, {"te') == [{"text": "A"}]


def test_words_and_a_fence_before_the_list_are_passed_over() -> None:
    reader = ObjectReader("claims", max_characters=1_000)
    assert read(reader, ["Here you are:\n```json\n", REPLY, "\n```"]) == CLAIMS
    reader.close(cut_short=False)


@pytest.mark.parametrize(
    "text, reason",
    [
        ('{"claims": ["A"]}', "something other than claims"),
        ('{"claims": [{"text": "A"}, 7]}', "something other than claims"),
        ('{"claims": [{"text": "A"', "ends in the middle"),
        ('{"claims": [{"text": "A"}', "ends in the middle"),
        ('{"answer": "A"}', "no list of claims"),
        ("", "no list of claims"),
        ('{"claims": [{"text": "' + "a" * 2_000, "longer than 1,000"),
        ('{"claims": [' + '{"a":' * 150, "ends in the middle"),
    ],
)
def test_anything_else_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(MalformedReplyError, match=reason):
        read_whole(text)


def test_a_reply_stopped_at_its_longest_length_gives_what_is_complete() -> None:
    reader = ObjectReader("claims", max_characters=1_000)
    assert reader.feed('{"claims": [{"text": "A"}, {"text": "B') == [{"text": "A"}]
    reader.close(cut_short=True)


def test_a_reply_stopped_before_its_list_gives_nothing_to_use() -> None:
    reader = ObjectReader("claims", max_characters=1_000)
    reader.feed(json.dumps({"thoughts": "long"})[:-1])
    with pytest.raises(MalformedReplyError):
        reader.close(cut_short=True)
