"""What a warm answer costs, stage by stage, over the development questions.

`python -m eval.bench.warm` opens the data folder (CLAUSEWISE_HOME), asks a few questions that are not measured, then each development
question once, conversations turn by turn, and prints one JSON object: milliseconds of processor time at the median and at the 95th
percentile, and of wall time, which on a machine in use says little.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from assistant.assistant import Assistant
from assistant.converse.session import Session
from assistant.errors import AssistantError
from assistant.settings import Settings
from eval.gold import GoldQuestion, load_gold
from eval.measures import percentile
from eval.run import warm_up

STAGES = ("understand", "retrieve", "compose", "verify")


@dataclass(frozen=True)
class Cost:
    """Seconds of one answer: of the processor in all and by stage, and on the wall."""

    intent: str
    cpu: float
    wall: float
    stages: Mapping[str, float]


def main() -> None:
    assistant = Assistant.open(Settings.from_environment(os.environ))
    assistant.stopwatch = time.process_time
    questions = load_gold(files("eval") / "gold", assistant.knowledge).select("dev")
    warm_up(assistant)
    print(json.dumps(summary([cost for question in questions for cost in _costs(assistant, question)]), indent=2))


def summary(costs: Sequence[Cost]) -> dict[str, object]:
    """Milliseconds: of all answers, by stage (``rest`` is what no stage counts: reading the state, rendering), and by intent."""
    by_stage = {stage: [cost.stages.get(stage, 0.0) for cost in costs] for stage in STAGES}
    rest = [cost.cpu - sum(cost.stages.get(stage, 0.0) for stage in STAGES) for cost in costs]
    intents = sorted({cost.intent for cost in costs}, key=lambda intent: -sum(cost.intent == intent for cost in costs))
    return {
        "answers": len(costs),
        "cpu_milliseconds": _percentiles([cost.cpu for cost in costs]),
        "wall_milliseconds": _percentiles([cost.wall for cost in costs]),
        "cpu_milliseconds_by_stage": {name: _percentiles(seconds) for name, seconds in {**by_stage, "rest": rest}.items()},
        "cpu_milliseconds_by_intent": {
            intent: {"answers": len(mine), **_percentiles([cost.cpu for cost in mine])}
            for intent in intents
            for mine in [[cost for cost in costs if cost.intent == intent]]
        },
    }


def _costs(assistant: Assistant, question: GoldQuestion) -> Iterator[Cost]:
    session = Session()
    for turn in question.asked:
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            answer = assistant.ask(turn, question.options, session)
        except AssistantError:
            continue  # what is refused as unreadable is no answer
        yield Cost(answer.intent, time.process_time() - cpu, time.perf_counter() - wall, answer.timings)


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    return {name: round(1000 * (percentile(seconds, share) or 0.0), 1) for name, share in (("p50", 0.5), ("p95", 0.95))}


if __name__ == "__main__":
    main()
