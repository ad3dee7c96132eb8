"""Ways of putting a set of rows into a table under its keys: docs/decisions/0003 rests on these."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.figures import Figure
from benchmarks.office import office, scratch

ROWS, ROUNDS = 20_000, 5
TEXTS = [f'Kund "{n}" AB' for n in range(ROWS)]


def measure() -> Iterator[Figure]:
    """Rows with one composite foreign key: row by row, as arrays, and by COPY through a temporary table."""
    from kvit.base import rows

    with scratch() as folder, office(folder):
        import psycopg
        from django.conf import settings

        owner = settings.DATABASES["owner"]
        with psycopg.connect(
            host=owner["HOST"],
            port=owner["PORT"] or None,
            user=owner["USER"],
            password=owner["PASSWORD"],
            dbname=owner["NAME"],
        ) as connection:
            connection.execute("CREATE TABLE parent (tenant_id int, id bigint, PRIMARY KEY (tenant_id, id))")
            connection.execute("INSERT INTO parent VALUES (1, 1)")
            connection.execute(
                "CREATE TABLE child (tenant_id int, id bigint, parent_id bigint, name text,"
                " PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, parent_id) REFERENCES parent (tenant_id, id))"
            )
            connection.commit()
            copied = _rate(connection, _copied)
            for name, way in (("one INSERT per row, pipelined", _singly), ("arrays through unnest", _arrays)):
                rate = _rate(connection, way)
                yield Figure(name, rate, "rows/s", ratio=rate / copied, ratio_to="COPY through a temporary table")
    ours, drivers = _seconds(lambda: rows.array("text", TEXTS)), _seconds(lambda: _quoted_by_the_driver(TEXTS))
    yield Figure("array literal of texts", ROWS / ours, "texts/s", ratio=drivers / ours, ratio_to="the driver's own")


def _rate(connection: Any, way: Callable[[Any], None]) -> float:
    best = min(_seconds(lambda: way(connection), after=connection.rollback) for _ in range(ROUNDS))
    return ROWS / best


def _seconds(work: Callable[[], Any], *, after: Callable[[], None] = lambda: None) -> float:
    start = time.perf_counter()
    work()
    taken = time.perf_counter() - start
    after()
    return taken


def _singly(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO child VALUES (1, %s, 1, %s)", list(enumerate(TEXTS)))


def _arrays(connection: Any) -> None:
    from kvit.base import rows

    connection.execute(
        "INSERT INTO child SELECT 1, i, 1, n FROM unnest(%s::bigint[], %s::text[]) AS given (i, n)",
        [rows.array("bigint", range(ROWS)), rows.array("text", TEXTS)],
    )


def _copied(connection: Any) -> None:
    connection.execute("CREATE TEMPORARY TABLE given (i bigint, n text) ON COMMIT DROP")
    with connection.cursor().copy("COPY given FROM STDIN") as copy:
        for row in enumerate(TEXTS):
            copy.write_row(row)
    connection.execute("INSERT INTO child SELECT 1, i, 1, n FROM given")


def _quoted_by_the_driver(texts: list[str]) -> object:
    from psycopg.adapt import PyFormat, Transformer

    return Transformer().get_dumper(texts, PyFormat.TEXT).dump(texts)
