"""What must hold for every tool, every case and every body of evidence, tried on many small made-up ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, product
from random import Random
from typing import TypeVar

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.assess.configurations import change_steps, incorporated
from assistant.assess.findings import FindingsRule
from assistant.assess.verdict import conclude
from assistant.schema import VERDICTS_BEST_FIRST, Assessment, Configuration, Evidence, Profile, Tool, ToolAssessment
from tests.unit.assess.builders import FRESH, silently_changed
from tests.unit.assess.worlds import PLANS, VALUES, World, made_up_entry, made_up_world

T = TypeVar("T")

few = settings(max_examples=40, derandomize=True, database=None, deadline=None)
fewer = settings(few, max_examples=25)
lucks = st.randoms(use_true_random=True)
worlds = lucks.map(made_up_world)


def rank(assessment: Assessment) -> int:
    """0 is the best verdict, 3 the worst."""
    return VERDICTS_BEST_FIRST.index(assessment.verdict.token)


def is_plainly_met(entry: Evidence) -> bool:
    """No cap makes it conditional, so that it does not itself stand in the way of a better verdict."""
    return entry.status == "met" and entry.clauses == (FRESH,) and entry.review == "reviewed" and not entry.when.contract


def both(judged: ToolAssessment) -> tuple[Assessment, Assessment]:
    return judged.as_it_comes, judged.at_best


# More harm, less good.


@few
@given(lucks)
def test_evidence_of_harm_never_improves_a_verdict(luck: Random) -> None:
    world, harm = made_up_world(luck), made_up_entry(luck, "not_met", name="harm")
    before, after = world.judged(), world.with_held(*world.held, harm).judged()
    assert rank(after.as_it_comes) >= rank(before.as_it_comes)
    assert rank(after.at_best) >= rank(before.at_best)


@few
@given(lucks)
def test_losing_evidence_that_something_is_met_never_makes_a_tool_more_suitable(luck: Random) -> None:
    """It may turn "not suitable" into "not enough evidence", for a gate that falls silent goes before a defect that is no gate."""
    world = made_up_world(luck)
    good = [entry for entry in world.held if is_plainly_met(entry)]
    assume(good)
    lost = luck.choice(good)
    before, after = world.judged(), world.with_held(*(entry for entry in world.held if entry is not lost)).judged()
    for full, poor in zip(both(before), both(after), strict=True):
        assert poor.verdict.token in ("not_enough_evidence", "not_suitable") or rank(poor) >= rank(full)


@few
@given(lucks)
def test_evidence_of_silence_never_improves_a_verdict(luck: Random) -> None:
    world, silence = made_up_world(luck), made_up_entry(luck, "not_stated", name="silence")
    before, after = world.judged(), world.with_held(*world.held, silence).judged()
    assert rank(after.as_it_comes) >= rank(before.as_it_comes)
    assert rank(after.at_best) >= rank(before.at_best)


@few
@given(worlds)
def test_not_stated_never_counts_as_met(world: World) -> None:
    for assessment in both(world.judged()):
        asked = [found for found in assessment.findings if not found.falls_away]
        silent = [found for found in asked if found.status == "not_stated"]
        assert not any(found.counts_as_evidenced for found in silent)
        assert not silent or assessment.verdict.token != "suitable"
        assert not any(found.gate for found in silent) or rank(assessment) >= VERDICTS_BEST_FIRST.index("not_enough_evidence")


# What each verdict promises.


@few
@given(worlds)
def test_suitable_means_that_all_is_met_and_nothing_remains_to_do(world: World) -> None:
    for assessment in both(world.judged()):
        if assessment.verdict.token == "suitable":
            assert {found.status for found in assessment.findings if not found.falls_away} <= {"met"}
            assert assessment.steps == ()


@few
@given(worlds)
def test_suitable_on_conditions_means_open_gates_enough_evidence_and_a_cure_for_every_defect(world: World) -> None:
    for assessment in both(world.judged()):
        if assessment.verdict.token == "suitable_on_conditions":
            content = [found for found in assessment.findings if found.scope == "content"]
            assert all(found.status in ("met", "conditional") for found in content if found.gate)
            assert not any(found.status == "not_met" and found.fatal for found in content)
            assert 5 * sum(found.counts_as_evidenced for found in content) >= 3 * len(content)
            assert all(found.steps for found in assessment.findings if found.status in ("not_met", "conditional"))


@few
@given(worlds)
def test_the_verdict_follows_from_the_findings_and_steps_that_are_shown(world: World) -> None:
    for assessment in both(world.judged()):
        assert assessment.verdict == conclude(assessment.findings, assessment.steps)


# Order and repetition.


@fewer
@given(lucks)
def test_the_order_in_which_things_are_listed_does_not_matter(luck: Random) -> None:
    world = made_up_world(luck)
    other = shuffled(world, luck)
    one, two = world.judged(), other.judged()
    for first, second in zip(both(one), both(two), strict=True):
        assert first.configuration == second.configuration
        assert first.verdict == second.verdict
        assert {step.text for step in first.steps} == {step.text for step in second.steps}
    assert set(one.conflicts) == set(two.conflicts)


def shuffled(world: World, luck: Random) -> World:
    def mixed(things: Iterable[T]) -> tuple[T, ...]:
        listed = tuple(things)
        return tuple(luck.sample(listed, k=len(listed)))

    subject, profile = world.subject, world.profile
    lists = {"plans": mixed(subject.plans), "settings": mixed(subject.settings), "contracts": mixed(subject.contracts)}
    case = profile.model_copy(update={"settings": dict(mixed(profile.settings.items()))})
    return World(subject.model_copy(update=lists), case, mixed(world.asked), mixed(world.held))


@fewer
@given(worlds)
def test_the_same_input_gives_the_same_output(world: World) -> None:
    again = replace(
        world,
        subject=Tool.model_validate_json(world.subject.model_dump_json()),
        profile=Profile.model_validate_json(world.profile.model_dump_json()),
        held=tuple(Evidence.model_validate_json(entry.model_dump_json()) for entry in world.held),
    )
    assert world.judged().model_dump_json() == again.judged().model_dump_json()


# As it comes, at its best, and what was fixed.


@few
@given(worlds)
def test_at_its_best_is_never_worse_than_as_it_comes(world: World) -> None:
    judged = world.judged()
    assert rank(judged.at_best) <= rank(judged.as_it_comes)


@few
@given(lucks)
def test_fixing_one_more_choice_never_improves_the_verdict(luck: Random) -> None:
    """Except where it conflicts with what was fixed before: then that was never a case, and the conflict is said."""
    world = made_up_world(luck)
    free = sorted(set(VALUES) - set(world.profile.settings))
    name = luck.choice(["plan", *free] if world.profile.plan is None else free)
    if name == "plan":
        more = world.with_profile(plan=luck.choice(PLANS))
    else:
        more = world.with_profile(settings={**world.profile.settings, name: luck.choice(VALUES[name])})
    narrow = more.judged()
    assert narrow.conflicts or rank(narrow.at_best) >= rank(world.judged().at_best)


@few
@given(worlds)
def test_no_fixed_choice_reaches_more_than_leaving_everything_open(world: World) -> None:
    wide = world.with_profile(plan=None, settings={}, features={})
    assert rank(world.judged().at_best) >= rank(wide.judged().at_best)


@few
@given(worlds)
def test_no_fixed_choice_is_changed_in_silence(world: World) -> None:
    assert silently_changed(world.judged(), world.subject) == set()


@few
@given(worlds)
def test_what_is_chosen_can_be_had(world: World) -> None:
    for assessment in both(world.judged()):
        assert assessment.configuration.settings in [
            chosen for plan, chosen in possible(world.subject) if plan == assessment.configuration.plan
        ]


# The search, against one that tries everything and knows no shortcut.


def possible(subject: Tool) -> Iterator[tuple[str, dict[str, str]]]:
    """Every plan with every choice of settings that the plan has and that excludes nothing of itself."""
    for plan, values in product(PLANS, product(*VALUES.values())):
        chosen = dict(zip(VALUES, values, strict=True))
        here = all(plan in entry.plans.get(chosen[entry.id], (plan,)) for entry in subject.settings)
        excluded = [
            chosen[other] in gone
            for entry in subject.settings
            for exclusion in entry.excludes
            if exclusion.value == chosen[entry.id]
            for other, gone in exclusion.excludes.items()
        ]
        if here and not any(excluded):
            yield plan, chosen


@fewer
@given(lucks)
def test_nothing_better_exists_than_what_is_found_at_its_best(luck: Random) -> None:
    world = replace(made_up_world(luck), profile=Profile())
    rule = FindingsRule(world.subject, world.profile, world.asked, world.held, world.seen)
    tokens: list[int] = []
    for plan, chosen in possible(world.subject):
        brought = incorporated(world.subject, plan)
        to_sign = [entry.id for entry in world.subject.contracts if plan in entry.plans and entry.id not in brought]
        for size in range(len(to_sign) + 1):
            for signed in combinations(to_sign, size):
                configuration = Configuration(plan=plan, settings=chosen, contracts=tuple(sorted((*brought, *signed))))
                steps = change_steps(world.subject, world.profile, configuration)
                tokens.append(VERDICTS_BEST_FIRST.index(conclude(rule.evaluate(configuration), steps).token))
    assert rank(world.judged().at_best) == min(tokens)


@fewer
@given(worlds)
def test_findings_do_not_depend_on_what_was_tried_before(world: World) -> None:
    judged = world.judged()
    for assessment in both(judged):
        if not judged.conflicts:
            fresh = FindingsRule(world.subject, world.profile, world.asked, world.held, world.seen)
            assert fresh.evaluate(assessment.configuration) == assessment.findings
