"""Each way to write outside of a command, or to write a state a second time, turns red when it is planted."""

from pathlib import Path

import pytest

from architecture import writing
from architecture.planted import plant

WRITES = [
    "q = 'INSERT INTO ledger_entry (id) VALUES (1)'",
    "q = 'WITH x AS (SELECT 1) INSERT  INTO ledger_entry SELECT * FROM x'",
    "q = 'UPDATE ledger_entry SET kind = %s'",
    "q = 'update ledger_entry AS e set kind = %s'",
    "q = sql.SQL('UPDATE {table} t SET kind = 1')",
    "q = f'UPDATE {table} SET kind = 1'",
    "q = 'DELETE FROM ledger_entry'",
    "q = 'TRUNCATE ledger_entry'",
    "q = 'MERGE INTO ledger_entry USING x ON true'",
    "q = 'COPY ledger_entry (id) FROM STDIN'",
    "from kvit.base import rows\nrows.insert('ledger_entry', {})",
    "from kvit.base.rows import insert\ninsert('ledger_entry', {})",
    "from kvit.base import lifecycle\nlifecycle.move(ctx, L, [1], to=2)",
]
ORM = [
    "entry.save()",
    "Entry.objects.create(kind='x')",
    "Entry.objects.filter(id=1).update(kind='x')",
    "models.Entry.objects.all().delete()",
    "Entry.objects.bulk_create([])",
    "Entry.objects.get_or_create(id=1)",
    "Entry.objects.using('owner').bulk_update([], ['kind'])",
]
READS = [
    "q = 'SELECT * FROM ledger_entry FOR UPDATE'",
    "q = 'the last update of this set'",
    '"""A docstring on INSERT INTO."""',
    "known.update(other)",
    "entry = Entry.objects.filter(id=1).first()",
    "from kvit.base import rows\nrows.select('SELECT 1')",
    "form.delete = False",
]


class TestAWrite:
    @pytest.mark.parametrize("text", WRITES + ORM)
    def test_is_found_in_a_query(self, text: str, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/ledger/queries/a.py": text})
        assert len(writing.writers_elsewhere(tmp_path)) == 1

    @pytest.mark.parametrize("text", WRITES)
    def test_may_stand_in_commands_base_and_migrations(self, text: str, tmp_path: Path) -> None:
        for path in ("ledger/commands/a.py", "base/a.py", "ledger/migrations/0001_a.py"):
            plant(tmp_path, {f"src/kvit/{path}": text})
        assert writing.writers_elsewhere(tmp_path) == []

    @pytest.mark.parametrize("text", READS)
    def test_is_not_seen_in_a_read(self, text: str, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/ledger/queries.py": text})
        assert writing.writers_elsewhere(tmp_path) == []

    @pytest.mark.parametrize("text", ORM)
    def test_through_the_orm_is_found_even_in_a_command(self, text: str, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/ledger/commands/a.py": text})
        assert len(writing.orm_saves(tmp_path)) == 1


class TestAState:
    @pytest.mark.parametrize(
        "text",
        [
            "q = 'UPDATE invoicing_invoice SET state = %s WHERE id = %s'",
            "q = 'UPDATE invoicing_invoice SET due_date = %s, state=%s'",
            "q = 'INSERT INTO x (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 1, state = excluded.state'",
            "q = f'update {table} set \"state\" = 1'",
            "q = '''BEGIN\n  NEW.state := 'paid';\nEND'''",
            "Invoice.objects.filter(id=1).update(state='paid')",
            "invoice.state = State.PAID",
            "setattr(invoice, 'state', State.PAID)",
        ],
    )
    def test_has_no_second_writer(self, text: str, tmp_path: Path) -> None:
        for path in ("invoicing/commands.py", "invoicing/migrations/0002_a.py"):
            plant(tmp_path, {f"src/kvit/{path}": text})
        assert len(writing.second_writers_of_a_state(tmp_path)) == 2

    @pytest.mark.parametrize(
        "text",
        [
            "q = 'INSERT INTO invoicing_invoice (id, state) VALUES (%s, %s)'",
            "q = \"UPDATE invoicing_invoice SET due_date = %s WHERE state = 'open'\"",
            "q = 'UPDATE x SET from_state = 1, n = y.state'",
            "q = 'SELECT state = 1 FROM x'",
            "class Parser:\n    def f(self):\n        self.state = 1",
            "rows.insert('invoicing_invoice', {'state': ('text', ['draft'])})",
        ],
    )
    def test_may_be_compared_and_inserted(self, text: str, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/invoicing/commands.py": text})
        assert writing.second_writers_of_a_state(tmp_path) == []

    def test_is_written_by_the_lifecycle(self, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/base/lifecycle.py": "q = 'UPDATE {table} t SET state = %(to)s FROM locked'"})
        assert writing.second_writers_of_a_state(tmp_path) == []


class TestTablesOfAnotherContext:
    @pytest.mark.parametrize(
        "query",
        [
            "SELECT 1 FROM ledger_openitem",
            "SELECT 1 FROM invoicing_invoice i JOIN ledger_openitem o ON true",
            "UPDATE parties_party SET name = 'x'",
            "INSERT INTO work_item SELECT 1",
        ],
    )
    def test_are_not_named_in_sql(self, tmp_path: Path, query: str) -> None:
        root = plant(tmp_path, {"src/kvit/invoicing/queries.py": f"q = {query!r}"})
        assert len(writing.tables_of_others(root)) == 1

    def test_are_not_its_own_nor_the_bases(self, tmp_path: Path) -> None:
        root = plant(
            tmp_path, {"src/kvit/invoicing/queries.py": "q = 'SELECT 1 FROM invoicing_invoice JOIN base_file ON true'"}
        )
        assert writing.tables_of_others(root) == []
