"""What matching reads for a chunk is as much as the chunk asks for, however long the statement is."""

import pytest

from bank_files import Pay
from desk import Desk
from receivables import every

pytestmark = pytest.mark.database

STATEMENT, CHUNK = 400, 30
_READ = """
    SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0) FROM pg_stat_xact_user_tables
    WHERE relname = 'banking_line'
    """
_MANY = CHUNK * 5
"""More than a chunk may read: once to look at it, once more for what is written about it."""


def _reads(desk: Desk) -> int:
    """How many lines the last chunk of a long statement reads."""
    for number in range(STATEMENT - CHUNK, STATEMENT):
        desk.invoice(1_000 + number, reference=str(70_010 + number))
    lines = desk.bank(*(Pay(1_000 + number, str(70_010 + number)) for number in range(STATEMENT)))
    desk.match(lines[:-CHUNK])
    ((before,),) = every(desk.ctx, _READ)
    assert desk.match(lines[-CHUNK:]).linked == CHUNK
    ((after,),) = every(desk.ctx, _READ)
    return int(after - before)


class TestAChunk:
    def test_reads_its_own_lines(self, desk: Desk) -> None:
        assert CHUNK <= _reads(desk) < _MANY

    def test_would_read_the_whole_statement_without_indexes(self, desk: Desk) -> None:
        """The planted fault."""
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            every(desk.ctx, f"SELECT set_config('enable_{way}', 'off', true)")
        assert _reads(desk) > 5 * _MANY
