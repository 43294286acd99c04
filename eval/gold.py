"""Gold questions: what is asked, what a right answer must hold, and which half a question belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from typing import Literal, Self, get_args

from pydantic import Field, ValidationError, model_validator

from assistant.converse.query import AskOptions
from assistant.dating import holds_on
from assistant.errors import InputError, Problem
from assistant.ingest.knowledge_files import knowledge_files
from assistant.ingest.yaml_files import YamlFile, read_yaml
from assistant.schema import Frozen, Intent, Knowledge, VerdictToken
from assistant.schema.base import Id, Text

Half = Literal["dev", "test"]
GoldIntent = Literal[
    "verdict",
    "comparison",
    "clause",
    "lookup",
    "definition",
    "control",
    "duty",
    "consent",
    "follow_up",
    "how_to",
    "misspelt",
    "ask_back",
    "capabilities",
    "unknown_tool",
    "unanswerable",
    "outside",
    "hostile",
]
HALVES: tuple[Half, ...] = get_args(Half)
VERDICT_INTENTS: frozenset[GoldIntent] = frozenset(["verdict", "comparison"])

# The smallest seed that halves the first sixty questions evenly, and each intent to within one. It was chosen before any
# question had been asked; moving it would mix what was tuned on with what was not.
SPLIT_SEED = 43082
FOLD_SEED = 7  # of the two folds of the development questions


class Expectation(Frozen):
    """What a right answer holds. None: the question does not settle it, so it is not measured.

    ``cite`` lists groups; one label of each group, or a clause inside it, must be cited. ``about`` are the tools it must be about,
    ``intents`` the ways in which the question may be understood.
    """

    verdict: VerdictToken | None = None
    as_it_comes: VerdictToken | None = None
    abstain: bool = False
    cite: tuple[tuple[Text, ...], ...] = ()
    about: tuple[Id, ...] | None = None
    intents: tuple[Intent, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.abstain and (self.verdict or self.as_it_comes):
            raise ValueError("an answer that abstains gives no verdict: drop abstain, or verdict and as_it_comes")
        if not all(self.cite):
            raise ValueError("cite holds an empty group: name at least one label in each")
        return self


class GoldQuestion(Frozen):
    """One question, or one conversation of which the last turn is judged."""

    id: Id
    question: Text | None = None
    turns: tuple[Text, ...] = ()
    profile: AskOptions = AskOptions()
    intent: GoldIntent
    tool: Id | tuple[Id, ...] | None = None
    as_of: date | None = None
    expect: Expectation
    note: Text | None = Field(default=None, description="Why this is right, for whoever reads a miss.")
    only: Half | None = Field(default=None, description="The half that its whole file belongs to; None: the split decides.")

    @model_validator(mode="after")
    def _asks_once(self) -> Self:
        if (self.question is None) == (not self.turns):
            raise ValueError("give either question or turns")
        if self.profile.as_of is not None:
            raise ValueError("as_of stands beside profile, not in it")
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """The turns in order; the last one is judged."""
        return self.turns or ((self.question,) if self.question else ())

    @property
    def tools(self) -> tuple[str, ...]:
        if self.tool is None:
            return ()
        return (self.tool,) if isinstance(self.tool, str) else self.tool

    @property
    def options(self) -> AskOptions:
        """What is fixed beside the words of the question."""
        return self.profile.model_copy(update={"as_of": self.as_of})

    @property
    def half(self) -> Half:
        return self.only or half_of(self.id)

    @property
    def fold(self) -> int:
        """0 or 1. What is chosen on one fold of the development questions is checked on the other."""
        return HALVES.index(half_of(self.id, FOLD_SEED))

    @property
    def states_verdict(self) -> bool:
        """Whether it asks for a verdict, so that its citations are judged by their source rather than against ``cite``."""
        return self.intent in VERDICT_INTENTS or self.expect.verdict is not None


class GoldError(InputError):
    """Gold files that cannot be used. ``problems`` lists every one found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__("\n".join([*map(str, self.problems), f"{count} problem{'s' if count != 1 else ''} in the gold questions"]))


@dataclass(frozen=True)
class GoldSet:
    """Questions in the order of their files, and the SHA-256 of each file."""

    questions: tuple[GoldQuestion, ...]
    sha256: Mapping[str, str] = field(default_factory=dict)

    def select(self, half: Half | Literal["all"], limit: int | None = None) -> tuple[GoldQuestion, ...]:
        """The questions of a half, at most ``limit`` of them, the first ones."""
        chosen = tuple(question for question in self.questions if half in ("all", question.half))
        return chosen[:limit]


def half_of(question_id: str, seed: int = SPLIT_SEED) -> Half:
    """Development or test, by the parity of SHA-256 over seed and id.

    It depends on the id alone: adding, dropping or reordering questions never moves another one to the other half.
    """
    return HALVES[hashlib.sha256(f"{seed}:{question_id}".encode()).digest()[0] % 2]


def load_gold(folder: Traversable, knowledge: Knowledge) -> GoldSet:
    """Read every YAML file of a folder and check it against what is held.

    Raises GoldError with file and line of every problem; nothing is returned half.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: --gold names the folder of the gold files")
    problems: list[Problem] = []
    places: dict[str, tuple[GoldQuestion, str]] = {}
    digests: dict[str, str] = {}
    for name, entry in knowledge_files(folder):
        data = entry.read_bytes()
        digests[name] = hashlib.sha256(data).hexdigest()
        parsed = read_yaml(name, data)
        if isinstance(parsed, YamlFile):
            problems += _read_questions(parsed, knowledge, places)
        else:
            problems += parsed
    if problems:
        raise GoldError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    if not places:
        raise InputError(f"{folder} holds no gold questions: a file lists them below `questions:`")
    return GoldSet(tuple(question for question, _ in places.values()), digests)


def _read_questions(file: YamlFile, knowledge: Knowledge, places: dict[str, tuple[GoldQuestion, str]]) -> list[Problem]:
    """Add the questions of a file to ``places``, each with where it stands; what is wrong with them is returned."""
    unknown = sorted(set(file.content) - {"questions", "half"})
    problems = [Problem(file.name, file.line((key,)), f"unknown key {key!r}: a gold file holds questions, and half") for key in unknown]
    half = file.content.get("half")
    if half not in (None, *HALVES):
        problems.append(Problem(file.name, file.line(("half",)), f"half is {half!r}: it must be dev or test, or be left out"))
    entries = file.content.get("questions", [])
    if not isinstance(entries, list):
        return [*problems, Problem(file.name, file.line(("questions",)), "questions must be a list: begin each with a dash")]
    for position, raw in enumerate(entries):
        path = ("questions", position)
        try:
            question = GoldQuestion.model_validate({**raw, "only": half} if isinstance(raw, dict) and half in HALVES else raw)
        except ValidationError as error:
            problems += _explained(file, path, error)
            continue
        faults = [*_clashes(question, places), *_unheld(question, knowledge)]
        problems += [Problem(file.name, file.line((*path, *steps)), f"{question.id}: {message}") for steps, message in faults]
        places.setdefault(question.id, (question, f"{file.name}:{file.line(path)}"))
    return problems


def _explained(file: YamlFile, path: tuple[str | int, ...], error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors():
        steps = tuple(step for step in detail["loc"] if isinstance(step, str | int))
        message = detail["msg"].removeprefix("Value error, ")
        where = ".".join(map(str, steps))
        given = f" (given: {detail['input']!r})" if isinstance(detail["input"], str | int | float) else ""
        yield Problem(file.name, file.line((*path, *steps)), f"{where}: {message}{given}" if where else message)


Fault = tuple[tuple[str | int, ...], str]


def _clashes(question: GoldQuestion, places: Mapping[str, tuple[GoldQuestion, str]]) -> Iterator[Fault]:
    if question.id in places:
        yield ("id",), f"the id stands twice, first in {places[question.id][1]}"
    for other, place in places.values():
        if other.id != question.id and (other.asked, other.options) == (question.asked, question.options):
            yield (), f"the same question stands in {place} as {other.id}: the two halves must not share one"


def _unheld(question: GoldQuestion, knowledge: Knowledge) -> Iterator[Fault]:
    """What the question names and nobody holds: labels, tools, plans, settings."""
    for group, labels in enumerate(question.expect.cite):
        for position, label in enumerate(labels):
            if fault := _label_fault(label, question.as_of, knowledge):
                yield ("expect", "cite", group, position), fault
    for tool_id in question.tools:
        if question.intent != "unknown_tool" and tool_id not in knowledge.tools:
            yield ("tool",), f"nothing is held on the tool {tool_id!r}: held are {', '.join(sorted(knowledge.tools))}"
    if len(question.tools) == 1 and question.tools[0] in knowledge.tools:
        yield from _unknown_choices(question, knowledge)


def _label_fault(label: str, day: date | None, knowledge: Knowledge) -> str | None:
    found = knowledge.resolve(label)
    if not found:
        return f"no clause is held at {label!r}: write the label as `clausewise clause` prints it, or a clause id"
    if day is not None and not any(holds_on(knowledge.versions_of(clause), clause, day) for clause in found):
        return f"{label!r} is held, but not as it stood on {day}"
    return None


def _unknown_choices(question: GoldQuestion, knowledge: Knowledge) -> Iterator[Fault]:
    tool, profile = knowledge.tools[question.tools[0]], question.profile
    plans = [plan.id for plan in tool.plans]
    if profile.plan is not None and profile.plan not in plans:
        yield ("profile", "plan"), f"{tool.name} has no plan {profile.plan!r}: it has {', '.join(plans)}"
    for name, value in profile.settings.items():
        setting = tool.setting(name)
        if setting is None or value not in setting.values:
            known = ", ".join(f"{entry.id} ({', '.join(entry.values)})" for entry in tool.settings)
            yield ("profile", "settings", name), f"{tool.name} has no setting {name}={value}: it has {known}"
