"""Rebuilds the prior that ships with the engine, from generated payments with varied mixes and seeds from 100 on.

Seeds below 100, the errors `UNSEEN_ERRORS` and the words `UNSEEN` are kept for judging, and never trained on.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from benchmarks.matching.options import OTHER_ERRORS, USUAL_ERRORS, Options
from benchmarks.matching.scoring import places
from benchmarks.matching.words import SOUTHERN, USUAL
from benchmarks.matching.workload import generate
from kvit.matching.domain.engine import Index
from kvit.matching.domain.engine.fitting import Confirmed, fit
from kvit.matching.domain.from_tables import engine_input
from kvit.matching.domain.shipped_prior import FILE, PACKAGE

FIRST_SEED = 100
LARGE, SMALL = 1_000_000, 150_000
SOURCES = Path(__file__).resolve().parents[2] / "src"

MIXES: tuple[Options, ...] = tuple(
    Options(
        items=items,
        payments=payments,
        seed=FIRST_SEED + number,
        profile=profile,
        dense=dense,
        permuted=True,
        errors=errors,
        words=words,
    )
    for number, (profile, items, payments, dense, errors, words) in enumerate(
        (
            ("mixed", LARGE, 120_000, True, USUAL_ERRORS, USUAL),
            ("b2b", LARGE, 120_000, True, USUAL_ERRORS, SOUTHERN),
            ("retail", LARGE, 120_000, True, OTHER_ERRORS, USUAL),
            ("b2b", LARGE, 80_000, True, OTHER_ERRORS, USUAL),
            ("mixed", SMALL, 0, True, OTHER_ERRORS, SOUTHERN),
            ("mixed", SMALL, 0, False, USUAL_ERRORS, SOUTHERN),
            ("b2b", SMALL, 0, True, OTHER_ERRORS, USUAL),
            ("b2b", SMALL, 0, False, USUAL_ERRORS, USUAL),
            ("retail", SMALL, 0, True, USUAL_ERRORS, SOUTHERN),
        )
    )
)


def confirmed(options: Options) -> Confirmed:
    """A generated batch as a creditor knows it who has confirmed every match."""
    workload = generate(options)
    given = engine_input(workload.tables)
    truth = workload.tables["truth"]
    return Confirmed(
        index=Index.build(given.items, given.customers, given.history),
        payments=given.payments,
        payment=places(given.payments.payment_id, workload.column("truth_links", "payment_id")).astype(np.int32),
        item=places(given.items.item_id, workload.column("truth_links", "invoice_id")).astype(np.int32),
        leave_out=np.flatnonzero(pc.equal(truth["scenario"], "duplicate").to_numpy()),
    )


def main(out: Path | None, mixes: Sequence[Options] = MIXES) -> int:
    """Train and write; 0."""
    for options in mixes:
        if options.seed < FIRST_SEED:
            raise ValueError(f"seed {options.seed} is kept for judging; train on seeds from {FIRST_SEED} on")
    start = time.process_time()
    batches = [confirmed(options) for options in mixes]
    many = sum(batch.payments.rows for batch in batches)
    seeds = f"{mixes[0].seed} to {mixes[-1].seed}"
    prior = fit(
        batches, about=f"{many} generated payments, seeds {seeds}, dense and spread references, two sets of words"
    )
    file = out or SOURCES / Path(*PACKAGE.split(".")) / FILE
    file.write_text(prior.text() + "\n", encoding="utf-8")
    print(f"{file.name}: {prior.about}; {time.process_time() - start:.0f} s of the processor", file=sys.stderr)
    return 0
