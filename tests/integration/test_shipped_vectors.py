"""What ships is what the models give, for the texts that are held now."""

import hashlib
import random

import pytest

from assistant.assistant import Assistant
from assistant.index.generation import shipped_texts
from assistant.index.models import make_encoders
from assistant.index.shipped_vectors import shipped_key, shipped_vectors
from assistant.settings import ranking_of_clauses

ENCODERS = ranking_of_clauses("minilm", "default").encoders
FRESH = 12


@pytest.mark.parametrize("name", ENCODERS)
def test_nearly_every_text_has_its_vector_and_it_is_the_right_one(assistant: Assistant, name: str) -> None:
    encoder = make_encoders(ranking_of_clauses("minilm", "default"))[name]
    shipped = shipped_vectors(encoder.fingerprint)
    keys = {text: shipped_key(hashlib.sha256(text.encode()).hexdigest()) for text in shipped_texts(assistant.knowledge)}
    covered = sorted(text for text, key in keys.items() if key in shipped)
    # a text changed since then is encoded at the first start; many of them: run `python -m eval vectors`
    assert len(covered) >= 0.9 * len(keys)
    sample = random.Random(0).sample(covered, FRESH)
    for text, vector in zip(sample, encoder.encode_documents(sample), strict=True):
        assert shipped[keys[text]] @ vector > 0.999, text
