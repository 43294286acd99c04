"""Fitting the matrices of a kind: they move a question so that what answered it gains over what did not.

The loss of a question is -mean over its relevant candidates of log softmax((total + gain) / TEMPERATURE), the gain of a passage being
POINTS x (moved question . passage), summed over the encoders; plus a penalty on the squares of the matrices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.index.learned import Kind, LearnedReading
from assistant.index.sketch import main_axes

if TYPE_CHECKING:
    import torch

    from assistant.index.passages import Mask, Rows
    from assistant.index.state import Scores
    from eval.learning.examples import Examples

POINTS = 40.0
TEMPERATURE = 4.0
PENALTY = 0.005
EPOCHS = 20
STEPS = 6  # batches an epoch
RATE = 1e-3
LOW, HIGH = 0.7, 0.9
SEED = 0


def fit_kind(sets: Sequence[Examples], chosen: Sequence[Mask], gate: str) -> Kind:
    """One kind from the chosen questions of its sets; a set counts by the square root of how many questions it has."""
    import torch

    torch.manual_seed(SEED)
    dimensions = {name: matrix.shape[1] for name, matrix in sets[0].questions.items()}
    moves = {name: torch.zeros(size, size, requires_grad=True) for name, size in dimensions.items()}
    optimizer = torch.optim.Adam(list(moves.values()), lr=RATE)
    generator = torch.Generator().manual_seed(SEED)
    batches = [
        _tensors(examples, np.flatnonzero(some & (examples.relevant.sum(axis=1) > 0))) for examples, some in zip(sets, chosen, strict=True)
    ]
    most = max(len(batch["totals"]) for batch in batches)
    for _ in range(EPOCHS * STEPS):
        loss = PENALTY * torch.stack([(move**2).sum() for move in moves.values()]).sum()
        for batch, examples in zip(batches, sets, strict=True):
            count = len(batch["totals"])
            if not count:
                continue
            some = torch.randperm(count, generator=generator)[: max(count // STEPS, min(8, count))]
            rows, totals = batch["rows"][some], batch["totals"][some]
            for name, move in moves.items():
                passages = torch.from_numpy(np.asarray(examples.passages[name]))[rows]
                totals = totals + POINTS * torch.einsum("qkd,qd->qk", passages, batch[name][some] @ move)
            logs = torch.log_softmax(totals / TEMPERATURE, dim=1)
            relevant = batch["relevant"][some]
            share = relevant / relevant.sum(dim=1, keepdim=True)
            loss = loss - (share * logs).nan_to_num().sum(dim=1).mean() * (count / most) ** 0.5
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    vectors = np.concatenate([examples.questions[gate][some] for examples, some in zip(sets, chosen, strict=True)])
    return Kind(np.unique(vectors, axis=0), {name: move.detach().numpy() for name, move in moves.items()})


def _tensors(examples: Examples, places: Rows) -> dict[str, torch.Tensor]:
    import torch

    rows = np.maximum(examples.rows[places], 0)
    arrays = {"rows": rows, "totals": np.maximum(examples.totals[places], np.float32(-1e6)), "relevant": examples.relevant[places]}
    return {name: torch.from_numpy(array) for name, array in {**arrays, **{k: v[places] for k, v in examples.questions.items()}}.items()}


def make_reading(kinds: Mapping[str, Kind], encoders: Sequence[str], gate: str) -> LearnedReading:
    axes = main_axes(np.concatenate([kind.questions for kind in kinds.values()])) if kinds else None
    return LearnedReading(tuple(encoders), kinds, gate, LOW, HIGH, POINTS, axes=axes)


def totals_with(reading: LearnedReading, examples: Examples) -> Scores:
    """The totals of all questions after the reading moved those it is near to."""
    totals = examples.totals.copy()
    for number in range(len(examples)):
        moved = reading.moved({name: vectors[number] for name, vectors in examples.questions.items()})
        rows = examples.rows[number]
        held = rows >= 0
        for name, vector in moved.items():
            totals[number, held] += np.asarray(examples.passages[name])[rows[held]] @ vector
    return totals
