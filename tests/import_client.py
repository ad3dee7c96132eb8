"""Another process that takes a bank file in and matches it, and writes down each answer it was given.

    python import_client.py prepare <file>                      makes three companies; prints their ids as JSON
    python import_client.py import <file> <company> <answers>   takes the file in, matches it, prints "done"
    python import_client.py check <company> <answers>           prints as JSON what was lost, doubled, found wrong

An answer is written, with fsync, when its command has returned: from then on the database must know it.
"""

import json
import os
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kvit.base.command import Ctx

COMPANIES = 3
INVOICES = 60
LINES = 180
CHUNK = 10
STATEMENTS = 3
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Found:
    """What a check found: answers that the database no longer knows, verification's words, and counts."""

    answered: int
    lost: tuple[str, ...]
    problems: tuple[str, ...]
    counts: dict[str, int]


def _amount(number: int) -> int:
    """What a line pays. Each third pays an invoice; the others are more than all that is open, so nothing is theirs.

    Less could be some invoices' sum: chunks are matched two at a time, and which of them is first is chance.
    """
    return number if number % 3 == 1 else 10_000 + number


EXPECTED = {
    "files": 1,
    "statements booked": STATEMENTS,
    "lines": LINES,
    "bank balance": sum(_amount(number) for number in range(1, LINES + 1)),
    "bank entries": STATEMENTS,
    "payment entries": INVOICES,
    "links": INVOICES,
    "allocations": INVOICES,
    "lines that wait": LINES - INVOICES,
    "open on invoices": 0,
}


def context(tenant_id: int) -> "Ctx":
    """Anna of this company."""
    from kvit.base.command import Ctx

    return Ctx(tenant_id=tenant_id, actor="user:anna", now=NOW)


def prepare(path: Path) -> list[int]:
    """Companies with invoices, and a file in which a third of the lines pays them; the companies' ids."""
    from bank_files import IBAN, Pay, Stmt, camt
    from cast import open_company
    from kvit.base.migrate import migrate
    from receivables import issue, new_customer, open_account, open_books

    migrate()
    references = tuple(str(500_000 + number) for number in range(INVOICES))
    amounts = [3 * number + 1 for number in range(INVOICES)]
    tenants = []
    for _ in range(COMPANIES):
        ctx = open_books(open_company())
        issue(ctx, new_customer(ctx), *amounts, references=references)
        open_account(ctx, IBAN)
        tenants.append(ctx.tenant_id)
    pays = [
        Pay(_amount(number), references[(number - 1) // 3] if number % 3 == 1 else "", bank_id=f"B{number}")
        for number in range(1, LINES + 1)
    ]
    size = LINES // STATEMENTS
    path.write_bytes(camt(*(Stmt(pays[start : start + size]) for start in range(0, LINES, size))))
    return tenants


class Answers:
    """A file of answers, each on the disk before the next command is asked."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")

    def written_by(self, command: Callable[..., Any]) -> Callable[..., Any]:
        """The command, which now writes its answer down under its key."""
        from kvit.base import codec

        def run(ctx: "Ctx", **given: Any) -> Any:
            keyed = ctx if ctx.key else replace(ctx, key=str(uuid.uuid4()))
            answer = command(keyed, **given)
            said = {"name": command.__kvit_command__, "key": keyed.key, "answer": json.loads(codec.canonical(answer))}  # type: ignore[attr-defined]
            self._file.write(json.dumps(said).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            return answer

        return run


def take_in(path: Path, tenant_id: int, answers_path: Path) -> None:
    """Import and match, in small chunks, through the same doors as always."""
    from kvit.banking import commands as banking
    from kvit.banking import jobs
    from kvit.banking.events import StatementBooked
    from kvit.base import files, rows, tenant
    from kvit.flows import matching as flow
    from kvit.matching import commands as matching

    answers = Answers(answers_path)
    steps = ["begin_intake", "begin_statement", "take_lines", "note_problems", "settle_statement", "end_intake"]
    doors: tuple[tuple[Any, list[str]], ...] = (
        (files, ["keep_part", "keep_file"]),
        (banking, steps),
        (matching, ["match_lines"]),
    )
    for module, names in doors:
        for name in names:
            setattr(module, name, answers.written_by(getattr(module, name)))
    jobs.CHUNK = flow.CHUNK = CHUNK
    ctx = context(tenant_id)
    with path.open("rb") as source:
        jobs.import_file(ctx, source, name=path.name)
    with tenant.scope(tenant_id):
        booked = rows.select("SELECT id, account_id FROM banking_statement WHERE state = 'booked' ORDER BY id")
    for statement_id, account_id in booked:
        flow.match_statement(replace(ctx, key=f"{statement_id}:match"), StatementBooked(statement_id, account_id, 0))


def check(tenant_id: int, answers_path: Path) -> Found:
    """Compare what was answered with what the database knows, and what it knows with what must be."""
    from kvit.base import rows, tenant
    from receivables import problems

    said = [json.loads(line) for line in answers_path.read_bytes().split(b"\n")[:-1]]
    ctx = context(tenant_id)
    with tenant.scope(tenant_id):
        known = {
            (name, key): result if result is None else json.loads(result)
            for name, key, result in rows.select("SELECT name, key, result FROM base_command WHERE key IS NOT NULL")
        }
        counts = {name: int(rows.select(query)[0][0] or 0) for name, query in _COUNTS.items()}
    lost = [f"{one['name']} {one['key']}" for one in said if known.get((one["name"], one["key"])) != one["answer"]]
    return Found(len(said), tuple(lost), tuple(problem.reason for problem in problems(ctx)), counts)


_COUNTS: dict[str, Any] = {
    "files": "SELECT count(*) FROM base_file",
    "statements booked": "SELECT count(*) FROM banking_statement WHERE state = 'booked'",
    "lines": "SELECT count(*) FROM banking_line",
    "bank balance": """
        SELECT sum(l.amount_minor) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
        WHERE a.code LIKE 'bank:%%'
    """,
    "bank entries": "SELECT count(*) FROM ledger_entry WHERE kind = 'bank_statement'",
    "payment entries": "SELECT count(*) FROM ledger_entry WHERE kind = 'payment'",
    "links": "SELECT count(*) FROM matching_link",
    "allocations": "SELECT count(*) FROM ledger_allocation",
    "lines that wait": "SELECT count(*) FROM work_item WHERE kind = 'matching.decide'",
    "open on invoices": "SELECT sum(open_minor) FROM ledger_openitem WHERE side = 'debit'",
}


def main(what: str, *rest: str) -> None:
    """One of the three."""
    import django

    django.setup()
    if what == "prepare":
        print(json.dumps(prepare(Path(rest[0]))))
    elif what == "import":
        take_in(Path(rest[0]), int(rest[1]), Path(rest[2]))
        print("done")
    else:
        print(json.dumps(vars(check(int(rest[0]), Path(rest[1])))))


if __name__ == "__main__":
    main(*sys.argv[1:])
