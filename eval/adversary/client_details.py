"""Messages with client details, made of names of many origins and of numbers that pass their checks, and what is found in them."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal

import yaml

Half = Literal["dev", "test"]
MESSAGES_A_TEMPLATE = 3
SEEDS: dict[Half, int] = {"dev": 11, "test": 1998}
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Message:
    """A text with what must be taken out of it: the kind and the words of each detail."""

    text: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass
class GuardResult:
    """What was found. ``wrong``: words taken out that are no detail; ``missed``: details of which a part still stands."""

    messages: int = 0
    details: int = 0
    found: int = 0
    taken: int = 0
    right: int = 0
    innocent_changed: int = 0
    innocent: int = 0
    by_kind: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    missed: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.details if self.details else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.taken if self.taken else 1.0


def make_messages(half: Half) -> list[Message]:
    """Every template of a half with names of different origins, then the innocent messages."""
    data = yaml.safe_load(files("eval").joinpath("data", "client-details.yaml").read_text(encoding="utf-8"))
    draw = random.Random(SEEDS[half])
    origins = list(data["names"][half].values())
    made = [_fill(template, draw.choice(origins), draw) for template in data["templates"][half] for _ in range(MESSAGES_A_TEMPLATE)]
    return made + [Message(text) for text in data["innocent"][half]]


def measure(messages: Sequence[Message], taken_out: Callable[[str], Sequence[tuple[int, int]]]) -> GuardResult:
    """Hold what is taken out of each message (spans of its text) against what should be."""
    result = GuardResult()
    for message in messages:
        spans = taken_out(message.text)
        result.messages += 1
        wanted = list(_places(message))
        if not wanted:
            result.innocent += 1
            result.innocent_changed += bool(spans)
        for kind, start, end in wanted:
            result.details += 1
            whole = all(not message.text[place].isalnum() or any(a <= place < b for a, b in spans) for place in range(start, end))
            result.found += whole
            result.by_kind[kind]["found" if whole else "missed"] += 1
            if not whole:
                result.missed.append((message.text[start:end], message.text))
        for a, b in spans:
            result.taken += 1
            right = any(a < end and start < b for _, start, end in wanted)
            result.right += right
            if not right:
                result.wrong.append((message.text[a:b], message.text))
    return result


def _places(message: Message) -> Iterator[tuple[str, int, int]]:
    for kind, words in message.details:
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", message.text):
            yield kind, match.start(), match.end()


def _fill(template: str, origin: Mapping[str, Sequence[str]], draw: random.Random) -> Message:
    given, given2 = draw.sample(list(origin["given"]), 2)
    family = draw.choice(list(origin["family"]))
    made: dict[str, tuple[str, str]] = {
        "name": ("name", f"{given} {family}"),
        "name_lower": ("name", f"{given} {family}".lower()),
        "given": ("name", given),
        "given2": ("name", given2),
        "family": ("name", family),
    }
    details: dict[tuple[str, str], None] = {}

    def put(match: re.Match[str]) -> str:
        slot = match[1]
        if slot not in made:
            made[slot] = _make(slot.rstrip("2"), draw)
        kind, words = made[slot]
        details.setdefault((kind, words))
        return words

    text = _SLOT.sub(put, template)
    return Message(text, tuple(details))


def _make(slot: str, draw: random.Random) -> tuple[str, str]:
    kind, make = _MAKERS[slot]
    return kind, make(draw)


def _digits(draw: random.Random, count: int) -> str:
    return "".join(str(draw.randrange(10)) for _ in range(count))


def _phone(draw: random.Random) -> str:
    return draw.choice(
        [
            f"07{draw.randrange(4, 10)}{_digits(draw, 2)} {_digits(draw, 6)}",
            f"+44 7{_digits(draw, 3)} {_digits(draw, 6)}",
            f"020 7{_digits(draw, 3)} {_digits(draw, 4)}",
            f"+49 30 {_digits(draw, 7)}",
            f"017{draw.randrange(10)} {_digits(draw, 7)}",
            f"(212) 55{draw.randrange(6, 10)}-{_digits(draw, 4)}",
            f"+33 6 {_digits(draw, 2)} {_digits(draw, 2)} {_digits(draw, 2)} {_digits(draw, 2)}",
            f"+34 6{_digits(draw, 8)}",
        ]
    )


def _email(draw: random.Random) -> str:
    name = draw.choice(["sunny.day", "blue_bird", "r.green", "mail2me", "anne-marie", "k99", "office+notes"])
    return f"{name}{draw.randrange(100)}@{draw.choice(['example.org', 'mail.example.com', 'post.example.net', 'example.co.uk'])}"


def _birth(draw: random.Random) -> str:
    day, month, year = draw.randrange(1, 28), draw.randrange(1, 13), draw.randrange(1940, 2012)
    months = "January February March April May June July August September October November December".split()
    return draw.choice(
        [f"{day}/{month}/{year}", f"{day:02d}.{month:02d}.{year}", f"{year}-{month:02d}-{day:02d}", f"{day} {months[month - 1]} {year}"]
    )


def _nhs(draw: random.Random) -> str:
    while True:
        body = _digits(draw, 9)
        check = 11 - sum(int(digit) * weight for digit, weight in zip(body, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            number = body + str(check % 11)
            return draw.choice([number, f"{number[:3]} {number[3:6]} {number[6:]}"])


def _kvnr(draw: random.Random) -> str:
    letter, body = draw.choice("ABCDEGHKLMNPRSTW"), _digits(draw, 8)
    values = f"{ord(letter) - 64:02d}{body}"
    total = sum((product - 9 if product > 9 else product) for product in (int(v) * (1 + p % 2) for p, v in enumerate(values)))
    return f"{letter}{body}{total % 10}"


def _iban(draw: random.Random) -> str:
    body = _digits(draw, 18)
    check = 98 - int(f"{body}131400") % 97  # D is 13, E is 14
    number = f"DE{check:02d}{body}"
    return draw.choice([number, " ".join(number[i : i + 4] for i in range(0, 22, 4))])


def _ssn(draw: random.Random) -> str:
    return f"{draw.randrange(100, 666)}-{draw.randrange(10, 99)}-{draw.randrange(1000, 9999)}"


def _postcode(draw: random.Random) -> str:
    area, end = draw.choice(["LS", "BN", "EH", "CF", "M", "SW", "BT"]), draw.choice(["AB", "QD", "NH", "TL", "XW"])
    return f"{area}{draw.randrange(1, 20)} {draw.randrange(1, 10)}{end}"


_ADDRESSES = (
    (
        ["Orchard Road", "Mill Lane", "Station Street", "Queens Close"],
        "{number} {street}, {town} {postcode}",
        ["Leeds", "Brighton", "Cardiff"],
    ),
    (["Lindenstraße", "Gartenweg", "Schillerplatz"], "{street} {number}, {town}", ["10115 Berlin", "80331 München", "50667 Köln"]),
    (["Oak St", "Maple Ave", "Cedar Drive", "Maple St"], "{number} {street}, {town}", ["Springfield, IL 62704", "Austin, TX 78701"]),
    (["rue des Lilas", "rue de la Gare", "rue Victor Hugo"], "{number} {street}, {town}", ["75011 Paris", "69003 Lyon"]),
)


def _address(draw: random.Random) -> str:
    streets, form, towns = draw.choice(_ADDRESSES)
    return form.format(number=draw.randrange(1, 180), street=draw.choice(streets), town=draw.choice(towns), postcode=_postcode(draw))


_MAKERS: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "phone": ("phone", _phone),
    "email": ("e-mail", _email),
    "dob": ("date of birth", _birth),
    "nhs": ("health number", _nhs),
    "kvnr": ("health number", _kvnr),
    "iban": ("account", _iban),
    "ssn": ("social security", _ssn),
    "postcode": ("postcode", _postcode),
    "address": ("address", _address),
    "mrn": ("record number", lambda draw: draw.choice([f"MH-{_digits(draw, 6)}", _digits(draw, 7), f"P{_digits(draw, 5)}"])),
}


def guard_figures(result: GuardResult) -> dict[str, Any]:
    """The result as plain values for JSON."""
    return {
        "messages": result.messages,
        "details": result.details,
        "recall": round(result.recall, 4),
        "precision": round(result.precision, 4),
        "innocent": result.innocent,
        "innocent_changed": result.innocent_changed,
        "by_kind": {kind: dict(counts) for kind, counts in result.by_kind.items()},
    }
