"""How much the independent checker would find: corrupted claims of a made-up run."""

from __future__ import annotations

from pathlib import Path

from assistant.schema import AnswerClaim
from eval.checker.holdings import Holdings
from eval.checker.power import measure_power
from eval.corruption import corrupted, corruption_figures
from tests.unit.eval.made_up import make_answer, make_knowledge, make_result

CLAIMS = (
    AnswerClaim(text="Since 1 January 2024 Acme uses no content to train models.", citations=("acme-terms/sec-10.2@v2",)),
    AnswerClaim(text="GDPR Art. 28(3) says that processing is governed by a contract.", citations=("gdpr/art-28-3@2016",)),
)


def test_each_kind_is_counted_and_sound_claims_are_left_alone() -> None:
    holdings = Holdings(make_knowledge())
    answer = make_answer("acme-terms/sec-10.2@v2", "gdpr/art-28-3@2016", claims=CLAIMS)
    power = measure_power([make_result(answer=answer)], holdings, seed=7, per_operator=5)
    figures = corruption_figures(power)
    assert figures["unaltered"] == {"n": 2, "rejected": 0, "share": 0.0, "by_check": {}}
    assert (power.operators["date"].n, power.operators["date"].rejected) == (1, 1)
    assert (power.operators["article"].n, power.operators["article"].rejected) == (1, 1)
    assert (power.operators["tool"].n, power.operators["tool"].rejected) == (1, 1)


def test_the_same_seed_corrupts_alike(tmp_path: Path) -> None:
    knowledge = make_knowledge()
    from eval.checker.power import _claims

    claims, _ = _claims([make_result(answer=make_answer("gdpr/art-28-3@2016", claims=CLAIMS))])
    first, second = (list(corrupted(knowledge, claims, "negation", 7, 5)) for _ in range(2))
    assert first == second
    assert first
