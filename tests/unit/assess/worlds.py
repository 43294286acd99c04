"""Made-up worlds by the hundred: a tool, a case and a body of evidence, drawn with a given source of luck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from assistant.assess import assess_tool
from assistant.dating import Dating
from assistant.schema import Criterion, Evidence, Profile, Tool, ToolAssessment
from tests.unit.assess.builders import FRESH, SIGNED_COPY, STALE, THIRD_PARTY, contract, criterion, dating, evidence, setting, tool

CRITERIA = (
    criterion(1, gate="always", contract="dpa"),
    criterion(4, gate="always"),
    criterion(6, fatal_when_not_met=True),
    criterion(8, gate="features", fatal_when_not_met=True),
    criterion(11),
    criterion(14),
    criterion(19, gate="features", needs_feature=["ai"]),
)
VALUES = {"e2ee": ("off", "on"), "joining": ("browser", "app"), "recording": ("off", "on"), "ai": ("off", "on"), "lobby": ("off", "on")}
PLANS = ("free", "pro")


@dataclass(frozen=True)
class World:
    """One tool, one case, what is asked and what is held."""

    subject: Tool
    profile: Profile
    asked: tuple[Criterion, ...]
    held: tuple[Evidence, ...]

    @property
    def seen(self) -> Dating:
        return dating(self.asked, self.held)

    def judged(self) -> ToolAssessment:
        return assess_tool(self.subject, self.profile, self.seen)

    def with_held(self, *entries: Evidence) -> World:
        return replace(self, held=entries)

    def with_profile(self, **changes: object) -> World:
        return replace(self, profile=Profile.model_validate(self.profile.model_dump() | changes))


def made_up_tool(luck: Random) -> Tool:
    """Two plans, five settings of which some values may be for the paid plan only, and perhaps a contract."""

    def only_paid() -> dict[str, list[str]]:
        return luck.choice([{}, {"on": ["pro"]}])

    def either() -> str:
        return luck.choice(["off", "on"])

    excludes = luck.choice([[], [{"value": "on", "excludes": {"joining": ["browser"], "recording": ["on"]}}]])
    switches = [
        setting("e2ee", *VALUES["e2ee"], default="off", plans=only_paid(), excludes=excludes),
        setting("joining", *VALUES["joining"], default="browser", controlled_by="client"),
        setting("recording", *VALUES["recording"], default=either(), feature="recording"),
        setting("ai", *VALUES["ai"], default=either(), feature="ai", plans=only_paid(), clauses=luck.choice([[], [FRESH]])),
        setting("lobby", *VALUES["lobby"], default=either(), plans=only_paid()),
    ]
    contracts = [contract("dpa", "pro", obtained="incorporated"), contract("dpa", "free", "pro")]
    return tool(plans=PLANS, settings=switches, contracts=luck.choice([[], contracts[:1], contracts[1:]]))


def made_up_case(luck: Random) -> Profile:
    """A case that leaves most things open, now and then with choices that cannot be had together."""
    features = [{}, {}, {}, {"recording": "on"}, {"recording": "off"}, {"ai": "off"}, {"ai": "on"}, {"transcription": "on"}]
    case = {
        "plan": luck.choice([None, None, *PLANS]),
        "settings": {name: luck.choice(VALUES[name]) for name in luck.sample(sorted(VALUES), k=luck.choice([0, 0, 1, 2, 3]))},
        "features": luck.choice(features),
        "contracts": luck.choice([{}, {}, {"dpa": "on_word"}, {"dpa": "imported"}]),
    }
    return Profile.model_validate(case)


def made_up_entry(luck: Random, *statuses: str, name: str) -> Evidence:
    """Evidence of one of the statuses, holding always or only on a plan, with a setting, or with or without a contract."""
    switch = luck.choice(sorted(VALUES))
    conditions: list[dict[str, object]] = [
        {},
        {},
        {"plan": [luck.choice(PLANS)]},
        {"setting": {switch: [luck.choice(VALUES[switch])]}},
        {"setting": {switch: [luck.choice(VALUES[switch])]}},
        {"contract": ["dpa"]},
        {"without_contract": ["dpa"]},
    ]
    return evidence(
        luck.choice([int(asked.id[3:]) for asked in CRITERIA]),
        luck.choice(statuses),
        luck.choice([FRESH, FRESH, FRESH, SIGNED_COPY, STALE, THIRD_PARTY]),
        name=name,
        cure=luck.choice([None, "Mend it"]),
        when=luck.choice(conditions),
        scope=luck.choice(["content", "content", "content", "usage_data"]),
        review=luck.choice(["reviewed", "reviewed", "reviewed", "machine"]),
    )


def made_up_world(luck: Random) -> World:
    """Often nearly everything is met, so that all four verdicts come up; at most three more entries speak for or against."""
    good = [evidence(int(asked.id[3:]), "met") for asked in CRITERIA if luck.random() < 0.9]
    count = luck.choice([0, 1, 2, 3])
    more = [made_up_entry(luck, "met", "conditional", "not_met", "not_stated", name=f"more-{place}") for place in range(count)]
    return World(made_up_tool(luck), made_up_case(luck), CRITERIA, (*good, *more))
