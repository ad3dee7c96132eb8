"""`kvit match files`: try the matching engine on tables of open items and payments, without a database."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from kvit.cli.actions import show
from kvit.formats import tables
from kvit.formats.tables import TableRead
from kvit.kernel import currencies
from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Problem
from kvit.matching.domain import engine
from kvit.matching.domain.from_tables import EngineInput, engine_input
from kvit.matching.domain.shipped_prior import shipped_prior

ENDINGS: Final = (".parquet", ".csv")
MOST_SHOWN: Final = 50
STEPS: Final = len(tables.SHAPES) + 4
NAMES: Final = {engine.DecisionKind.AUTO: "auto", engine.DecisionKind.SUGGEST: "suggest"}
OUTCOMES: Final = {
    engine.DecisionKind.AUTO: "automatic",
    engine.DecisionKind.SUGGEST: "suggested to a person",
    engine.DecisionKind.DUPLICATE: "paid twice",
    engine.DecisionKind.ACCOUNT: "of a closed invoice, to its customer's account",
    engine.DecisionKind.NONE: "left to a person",
}
CODES: Final = {int(code): code.name.lower() for code in engine.Code}


class BadOutput(DomainError):
    """The file to write is neither Parquet nor CSV, or its folder is not there."""

    code = "cli.bad_output"


@dataclass(frozen=True)
class Wanted:
    """What was asked for; `threshold` None leaves it to the target precision of the shipped prior."""

    folder: Path
    out: Path
    threshold: float | None
    explain: bool


@dataclass(frozen=True)
class Matched:
    """The index of the items and what the engine decided of the payments."""

    index: engine.Index
    decisions: engine.Decisions


def run(wanted: Wanted) -> int:
    """Write the decisions and print what became of the payments; 0, or 2 when a table has faults: nothing is then.

    Refuses `BadOutput`.
    """
    if wanted.out.suffix not in ENDINGS:
        raise BadOutput(f"{wanted.out.name} should end in {' or '.join(ENDINGS)}")
    if not wanted.out.absolute().parent.is_dir():
        raise BadOutput(f"there is no folder {wanted.out.parent}")
    with show.progress("reading", STEPS) as bar:
        found, problems = _read(wanted.folder, bar)
        if not problems:
            given = engine_input({name: read.table for name, read in found.items()})
            bar.advance(1)
            bar.say("matching (the first time the engine is compiled, which takes a minute or two)")
            matched = _matched(given, wanted.threshold)
            bar.advance(1)
            bar.say("writing")
            answers = _answers(given, matched, explain=wanted.explain)
            bar.advance(1)
            _write(answers, wanted.out)
            bar.advance(1)
    if problems:
        return _refused(problems)
    _tell(given, matched, wanted.out)
    return 0


def _read(folder: Path, bar: show.Bar) -> tuple[dict[str, TableRead], list[Problem]]:
    found: dict[str, TableRead] = {}
    problems: list[Problem] = []
    for shape in tables.SHAPES:
        files = [file for ending in ENDINGS if (file := folder / f"{shape.name}{ending}").is_file()]
        if len(files) == 1:
            with files[0].open("rb") as source:
                found[shape.name] = tables.read(source, shape, name=files[0].name)
            problems += found[shape.name].problems
        elif files:
            problems.append(
                Problem(shape.name, f"there are two of them, {files[0].name} and {files[1].name}; keep one")
            )
        elif shape is tables.PAYER_HISTORY:  # a firm that has matched nothing yet
            found[shape.name] = tables.empty(shape, shape.name)
        else:
            problems.append(
                Problem(shape.name, f"there is no {shape.name}.parquet and no {shape.name}.csv in {folder}")
            )
        bar.advance(1)
    return found, problems or list(tables.foreign_keys(found))


def _matched(given: EngineInput, threshold: float | None) -> Matched:
    index = engine.Index.build(given.items, given.customers, given.history)
    decisions = engine.match(index, given.payments, threshold=threshold, prior=shipped_prior())
    return Matched(index, decisions)


def _answers(given: EngineInput, matched: Matched, *, explain: bool) -> pa.Table:
    """One row per link, in the order of the payments; amounts in minor units."""
    decisions = matched.decisions
    counts = np.diff(decisions.links)
    told = np.isin(decisions.decision, list(NAMES))
    row = np.repeat(np.arange(counts.size), counts)
    link = np.flatnonzero(told[row])
    row = row[link]
    payments, first = np.unique(row, return_inverse=True)
    words = _words(given, matched, payments.tolist()) if explain else _codes(decisions, payments.tolist())
    return pa.table(
        {
            "payment_id": decisions.payment_id[row],
            "invoice_id": given.items.item_id[decisions.item[link]],
            "amount": decisions.amount_minor[link],
            "confidence": decisions.confidence[row],
            "decision": pa.array([NAMES[kind] for kind in decisions.decision[row].tolist()], pa.large_string()),
            **{name: pa.array(column, pa.large_string()).take(pa.array(first)) for name, column in words.items()},
        }
    )


def _codes(decisions: engine.Decisions, payments: Sequence[int]) -> dict[str, list[str]]:
    """The evidence as codes, each with its parameter: `digit_missing:7 amount_equal account_known`."""
    codes, parameters = decisions.code.tolist(), decisions.parameter.tolist()
    shown = [
        f"{CODES[code]}:{parameter}" if parameter else CODES[code]
        for code, parameter in zip(codes, parameters, strict=True)
    ]
    at = decisions.evidence.tolist()
    return {"evidence": [" ".join(shown[at[row] : at[row + 1]]) for row in payments]}


def _words(given: EngineInput, matched: Matched, payments: Sequence[int]) -> dict[str, list[str]]:
    """The evidence in words, the best alternative with why it lost, and what would change the decision."""
    decimals = [currencies.minor_units(currency) for currency in given.currencies]
    found = [
        engine.explain(matched.decisions, row, matched.index, decimals=decimals[given.payments.currency[row]])
        for row in payments
    ]
    return {
        "evidence": [explanation.words for explanation in found],
        "alternative": [explanation.rival_words for explanation in found],
        "would_change": [explanation.would_change for explanation in found],
    }


def _refused(problems: Sequence[Problem]) -> int:
    for problem in problems[:MOST_SHOWN]:
        show.warn(f"{problem.place}: {problem.reason}")
    if len(problems) > MOST_SHOWN:
        show.warn(f"and {len(problems) - MOST_SHOWN} more")
    show.warn("nothing was matched and nothing written")
    return 2


def _write(answers: pa.Table, out: Path) -> None:
    """All of the file or, when something breaks, what was there before."""
    part = out.with_name(f".{out.name}.part")
    try:
        if out.suffix == ".csv":
            pyarrow.csv.write_csv(answers, part)
        else:
            pyarrow.parquet.write_table(answers, part)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def _tell(given: EngineInput, matched: Matched, out: Path) -> None:
    counts = Counter(matched.decisions.decision.tolist())
    total = given.payments.rows
    show.table(
        f"{total} payments, {given.items.rows} open items:",
        ("", ">payments", ">share"),
        ((words, str(counts[kind]), _percent(counts[kind], total)) for kind, words in OUTCOMES.items()),
    )
    show.say(f"written to {out}")


def _percent(part: int, whole: int) -> str:
    permille = 1000 * part // max(whole, 1)
    return f"{permille // 10}.{permille % 10} %"
