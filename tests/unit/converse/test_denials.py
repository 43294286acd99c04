"""A model's sentence denies what its clauses deny, and nothing else."""

from __future__ import annotations

import pytest

from assistant.converse.compose.denials import denies_the_same

ADVERTISING = "We never use recordings for advertising."
EXEMPT = "Small firms are exempt, unless the processing is not occasional or includes data on criminal convictions."


@pytest.mark.parametrize(
    "text, clause, same",
    [
        ("They never use recordings for advertising.", ADVERTISING, True),
        ("Recordings are not used for advertising.", ADVERTISING, True),
        ("They use recordings for advertising.", ADVERTISING, False),
        ("Recordings are used for advertising.", ADVERTISING, False),
        ("Small firms are exempt, unless the processing is not occasional.", EXEMPT, True),
        ("Small firms are exempt, unless the processing is occasional.", EXEMPT, False),
        ("Small firms are exempt and this is not a criminal record.", EXEMPT, False),
        ("Small firms are not exempt.", EXEMPT, False),
        ("The vendor sells no data.", "The vendor does not sell data.", True),
        ("The vendor sells data.", "The vendor does not sell data.", False),
        ("Keys are kept. Nobody can read messages.", "Nobody can read messages. Keys are kept.", True),
        ("Use it.", "Use it without a contract; a contract helps.", True),
    ],
)
def test_denials_are_compared_word_by_word(text: str, clause: str, same: bool) -> None:
    assert denies_the_same(text, [clause]) is same
