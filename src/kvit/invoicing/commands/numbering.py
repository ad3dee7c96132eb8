"""Number series: taken in blocks as late as possible, opened when they are first needed, without gaps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import ClassVar

from kvit.base import rows
from kvit.base.command import Ctx
from kvit.invoicing.domain import SELF_BILLED, Kind, document_number, series_prefix
from kvit.kernel.refusals import DomainError

SERIES_LOCK = 0x4B78  # advisory, with the tenant's number
Group = tuple[int, Kind]
"""Whose documents of which kind are numbered together."""


class NoAgreement(DomainError):
    """A supplier has no agreement by which its invoices are made out to us."""

    code: ClassVar[str] = "invoicing.no_agreement"


def check_agreed(supplier_ids: AbstractSet[int], day: date) -> None:
    """See that we may make out documents in the names of these suppliers on a day; no agreement ends before we commit.

    Directive 2006/112/EC, art. 224: by prior agreement. Refuses `NoAgreement`.
    """
    agreed = rows.select(
        """
        SELECT supplier_id FROM invoicing_agreement
        WHERE supplier_id IN (SELECT unnest(%s::bigint[])) AND from_date <= %s AND (to_date IS NULL OR to_date >= %s)
        ORDER BY id FOR SHARE
        """,
        [sorted(supplier_ids), day, day],
    )
    if missing := sorted(supplier_ids - {supplier_id for (supplier_id,) in agreed}):
        raise NoAgreement(f"there is no agreement on self-billing with supplier {missing[0]} on {day}")


def number(ctx: Ctx, documents: Sequence[tuple[int, Group]], year: int) -> dict[int, tuple[int, int, str]]:
    """(series, sequence, number) of each (document, group), in the order given.

    From here on others wait for these series until we commit. Refuses `NoAgreement`.
    """
    counts = Counter(group for _, group in documents)
    taken = _take_blocks(ctx, counts, year)
    if missing := sorted(counts.keys() - taken.keys()):
        _open(ctx, missing, year)
        taken |= _take_blocks(ctx, {group: counts[group] for group in missing}, year)
    following = {group: after - counts[group] for group, (_, _, after) in taken.items()}
    numbers: dict[int, tuple[int, int, str]] = {}
    for document_id, group in documents:
        series_id, prefix, _ = taken[group]
        numbers[document_id] = (series_id, following[group], document_number(prefix, year, following[group]))
        following[group] += 1
    return numbers


_TAKE = """
    WITH wanted AS (
        SELECT s.id, w.count FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS w (supplier_id, kind, count)
        CROSS JOIN LATERAL (
            SELECT id FROM invoicing_series
            WHERE tenant_id = %s AND supplier_id = w.supplier_id AND kind = w.kind AND year = %s OFFSET 0) s
    ),
    locked AS MATERIALIZED (
        SELECT id FROM invoicing_series WHERE tenant_id = %s AND id IN (SELECT id FROM wanted)
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE invoicing_series s SET next_sequence = s.next_sequence + w.count
    FROM wanted w JOIN locked l ON l.id = w.id WHERE s.tenant_id = %s AND s.id = w.id
    RETURNING s.supplier_id, s.kind, s.id, s.prefix, s.next_sequence
"""


def _take_blocks(ctx: Ctx, counts: Mapping[Group, int], year: int) -> dict[Group, tuple[int, str, int]]:
    """(series, prefix, next number after the block) of each group that has a series, which are locked in id order."""
    groups = sorted(counts)
    if len(groups) == 1:
        ((supplier_id, kind),) = groups
        found = rows.select(
            """
            UPDATE invoicing_series SET next_sequence = next_sequence + %s
            WHERE tenant_id = %s AND supplier_id = %s AND kind = %s AND year = %s
            RETURNING supplier_id, kind, id, prefix, next_sequence
            """,
            [counts[groups[0]], ctx.tenant_id, supplier_id, kind.value, year],
        )
    else:
        found = rows.select(
            _TAKE,
            [
                [supplier_id for supplier_id, _ in groups],
                [kind.value for _, kind in groups],
                [counts[group] for group in groups],
                *(ctx.tenant_id, year, ctx.tenant_id, ctx.tenant_id),
            ],
        )
    return {(row[0], Kind(row[1])): (int(row[2]), str(row[3]), int(row[4])) for row in found}


def _open(ctx: Ctx, groups: Sequence[Group], year: int) -> None:
    """One who opens series at a time: they count each other."""
    rows.select("SELECT pg_advisory_xact_lock(%s, %s)", [SERIES_LOCK, ctx.tenant_id])
    self_billed = [group for group in groups if group[1] in SELF_BILLED]
    if self_billed:
        _open_agreed(ctx, self_billed, year)
    for supplier_id, kind in groups:
        if kind not in SELF_BILLED:
            _open_series(ctx, supplier_id, kind, year)


def _open_agreed(ctx: Ctx, groups: Sequence[Group], year: int) -> None:
    """Under the prefixes that the agreements say; one that ends in the year or later is still in force in it."""
    agreed = dict(
        rows.select(
            "SELECT DISTINCT ON (supplier_id) supplier_id, prefix FROM invoicing_agreement "
            "WHERE (to_date IS NULL OR to_date >= make_date(%s, 1, 1)) "
            "AND supplier_id IN (SELECT unnest(%s::bigint[])) ORDER BY supplier_id, to_date DESC NULLS FIRST",
            [year, [supplier_id for supplier_id, _ in groups]],
        )
    )
    if missing := [supplier_id for supplier_id, _ in groups if supplier_id not in agreed]:
        raise NoAgreement(f"there is no agreement on self-billing with supplier {missing[0]}")
    count = len(groups)
    rows.insert(
        "invoicing_series",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "supplier_id": ("bigint", [supplier_id for supplier_id, _ in groups]),
            "kind": ("text", [kind.value for _, kind in groups]),
            "year": ("smallint", [year] * count),
            "prefix": ("text", [agreed[s] + ("K" if k is Kind.SELF_BILLED_CREDIT else "") for s, k in groups]),
            "next_sequence": ("int", [1] * count),
        },
        tail="ON CONFLICT (tenant_id, supplier_id, kind, year) DO NOTHING",
    )


def _open_series(ctx: Ctx, supplier_id: int, kind: Kind, year: int) -> None:
    """A supplier keeps its prefix through the years."""
    rows.run(
        """
        INSERT INTO invoicing_series (tenant_id, supplier_id, kind, year, prefix, next_sequence)
        VALUES (%(tenant)s, %(supplier)s::bigint, %(kind)s::text, %(year)s, coalesce(
            (SELECT s.prefix FROM invoicing_series s
             WHERE s.supplier_id = %(supplier)s::bigint AND s.kind = %(kind)s::text LIMIT 1),
            %(prefix)s), 1)
        ON CONFLICT (tenant_id, supplier_id, kind, year) DO NOTHING
        """,
        {
            "tenant": ctx.tenant_id,
            "supplier": supplier_id,
            "kind": kind.value,
            "year": year,
            "prefix": series_prefix(kind, supplier_number=_suppliers(kind) + 1),
        },
    )


def _suppliers(kind: Kind) -> int:
    """How many suppliers have series of this kind."""
    return int(
        rows.select("SELECT count(DISTINCT supplier_id) FROM invoicing_series WHERE kind = %s", [kind.value])[0][0]
    )
