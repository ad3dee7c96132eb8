"""The engine on one workload, in a process of its own, so that memory and compilation are the engine's alone.

    python -m benchmarks.matching.trial FOLDER

reads the tables of FOLDER, leaves the answers in `answers.npz` beside them, and prints what it took as one JSON object.
Times are of the processor, so that a busy machine does not show in them.
"""

import dataclasses
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa

from benchmarks.matching.columns import Integers
from benchmarks.matching.options import Options
from benchmarks.matching.scoring import Answers
from benchmarks.matching.workload import generate
from benchmarks.memory import high_water, reset_high_water
from kvit.formats import tables
from kvit.matching.domain import engine
from kvit.matching.domain.from_tables import EngineInput, engine_input
from kvit.matching.domain.shipped_prior import shipped_prior

T = TypeVar("T")
WARM_ITEMS = 4_000
SINGLES, WORDED = 3_000, 5_000


@dataclasses.dataclass
class Taken:
    """Seconds of the processor, and megabytes; `single` is the 99th percentile of one payment at a time."""

    reading: float = 0
    columns: float = 0
    compiling: float = 0
    building: float = 0
    matching: float = 0
    payments: int = 0
    single: float = 0
    wording: float = 0
    worded: int = 0
    memory: float = 0


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` gives, and the seconds of the processor it took."""
    start = time.process_time()
    found = work()
    return found, time.process_time() - start


def _tables(folder: Path) -> dict[str, pa.Table]:
    found = {}
    for shape in tables.SHAPES:
        file = folder / f"{shape.name}.parquet"
        with file.open("rb") as source:
            table = tables.read(source, shape, name=file.name)
        if table.problems:
            raise ValueError(f"{table.problems[0].place}: {table.problems[0].reason}")
        found[shape.name] = table.table
    return found


def only(payments: engine.Payments, rows: Integers) -> engine.Payments:
    """These rows of the payments."""
    columns = {field.name: getattr(payments, field.name).take(rows) for field in dataclasses.fields(payments)}
    return engine.Payments(**columns)


def one_at_a_time(index: engine.Index, payments: engine.Payments, prior: engine.Prior) -> float:
    """The 99th percentile of matching one payment, in seconds of the processor."""
    rows = np.linspace(0, payments.rows - 1, min(SINGLES, payments.rows)).astype(np.int64)
    took = []
    for row in rows:
        single = only(payments, np.array([row]))
        took.append(timed(partial(engine.match, index, single, prior=prior))[1])
    return float(np.percentile(took, 99))


def answers(given: EngineInput, decisions: engine.Decisions) -> Answers:
    """The automatic and the suggested links, row by row."""
    counts = np.diff(decisions.links)
    row = np.repeat(np.arange(counts.size), counts)
    is_auto = decisions.decision == engine.DecisionKind.AUTO
    told = (is_auto | (decisions.decision == engine.DecisionKind.SUGGEST))[row]
    return Answers(
        payment_id=decisions.payment_id[row][told],
        invoice_id=given.items.item_id[decisions.item][told],
        confidence=decisions.confidence[row][told].astype(np.float64),
        is_auto=is_auto[row][told],
    )


def main(folder: Path) -> Taken:
    """Match the workload of a folder, measured part by part."""
    taken = Taken()
    prior = shipped_prior()
    _, taken.compiling = timed(lambda: _warm(prior))
    found, taken.reading = timed(lambda: _tables(folder))
    given, taken.columns = timed(lambda: engine_input(found))
    held = reset_high_water()
    index, taken.building = timed(lambda: engine.Index.build(given.items, given.customers, given.history))
    decisions, taken.matching = timed(lambda: engine.match(index, given.payments, prior=prior))
    taken.memory, taken.payments = high_water() - held, given.payments.rows
    found_answers = answers(given, decisions)
    np.savez(folder / "answers.npz", **vars(found_answers))
    taken.single = one_at_a_time(index, given.payments, prior)
    taken.worded = min(WORDED, given.payments.rows)
    worded = range(taken.worded)
    _, taken.wording = timed(lambda: [engine.explain(decisions, row, index).words for row in worded])
    return taken


def _warm(prior: engine.Prior) -> None:
    given = engine_input(generate(Options(items=WARM_ITEMS, seed=99)).tables)
    index = engine.Index.build(given.items, given.customers, given.history)
    engine.match(index, given.payments, prior=prior)


if __name__ == "__main__":
    print(json.dumps(dataclasses.asdict(main(Path(sys.argv[1])))))
