"""Whole columns out of the database at once, for code that works on arrays: a million rows in seconds."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, LiteralString

from django.db import DEFAULT_DB_ALIAS, connections

_PIECE: Final = 4_000_000  # bytes of text that are parsed at a time

Types = Mapping[str, str]
"""Column name → int64, int32 or large_string, in the order in which the statement gives them."""


def read(query: LiteralString, params: Sequence[Any] | Mapping[str, Any], types: Types) -> Any:
    """The rows of a SELECT as a `pyarrow.Table`. No column may be null.

    By COPY of the statement, which row-level security lets through as any other; the driver hands out whole rows,
    so that what is parsed at a time ends where a row does. pyarrow is loaded at the first call: pages need none of it.
    """
    import pyarrow as pa

    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    schema = pa.schema([(name, getattr(pa, kind)()) for name, kind in types.items()])
    tables, piece, size = [], [], 0
    with database.wrap_database_errors, database.connection.cursor() as cursor:
        with cursor.copy("COPY (" + query + ") TO STDOUT (FORMAT csv)", params) as copied:
            for row in copied:
                piece.append(bytes(row))
                size += len(row)
                if size >= _PIECE:
                    tables.append(_parsed(piece, schema))
                    piece, size = [], 0
        tables.append(_parsed(piece, schema))
    return pa.concat_tables(tables).combine_chunks()


def _parsed(piece: list[bytes], schema: Any) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    if not piece:
        return schema.empty_table()
    return csv.read_csv(
        pa.BufferReader(b"".join(piece)),
        read_options=csv.ReadOptions(column_names=schema.names, use_threads=False),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(column_types=schema),
    )
