"""Read a YAML file with the line of everything in it, so that a problem can be shown where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from assistant.errors import Problem

MAX_BYTES = 8 * 1024 * 1024

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A parsed file: its content as plain values and the node tree it came from."""

    name: str
    content: dict[str, Any]
    root: yaml.MappingNode

    def line(self, path: Sequence[str | int]) -> int:
        """The line, from 1, of the value at ``path``; of its nearest container where the path leads nowhere."""
        node: yaml.Node = self.root
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            node = found
        return int(node.start_mark.line) + 1


def read_yaml(name: str, data: bytes) -> YamlFile | list[Problem]:
    """Parse one file; a list of problems where it cannot be used.

    Anchors and repeated keys are refused: the first can blow up in memory, the second silently loses an entry.
    """
    if len(data) > MAX_BYTES:
        return [Problem(name, 1, f"the file has {len(data):,} bytes; split it into files of at most {MAX_BYTES:,}")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return [Problem(name, line, "not UTF-8 text: save the file as UTF-8")]
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            problems = list(_structural_problems(name, root)) if root is not None else []
            content = loader.construct_document(root) if root is not None and not problems else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return [Problem(name, mark.line + 1 if mark else 1, f"not valid YAML: {error.problem or error.context}")]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return [Problem(name, 1, f"not valid YAML: {str(error).splitlines()[0]}")]
    if problems:
        return problems
    if not isinstance(root, yaml.MappingNode) or not isinstance(content, dict):
        return [Problem(name, 1, "the file must be a mapping with keys such as source, clauses, tool or evidence")]
    return YamlFile(name, content, root)


def _structural_problems(name: str, root: yaml.Node) -> Iterator[Problem]:
    seen: set[int] = set()
    pending = [root]
    while pending:
        node = pending.pop()
        line = node.start_mark.line + 1
        if id(node) in seen:
            yield Problem(name, line, "anchors and aliases (&, *) are not used here: write the value out")
            return
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            pending.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                if key.value in keys if isinstance(key.value, str) else False:
                    yield Problem(name, key.start_mark.line + 1, f"the key {key.value!r} stands twice: keep one")
                keys.add(str(key.value))
                pending.append(value)


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None
