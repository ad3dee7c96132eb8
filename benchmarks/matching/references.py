"""References and invoice numbers as creditors print them, in whole columns: OCR with length and check digit, RF, free.

OCR: modulus 10 with the length before it (Bankgirot, "OCR-referenskontroll"). RF: ISO 11649, modulus 97.
"""

import numpy as np
import pyarrow as pa

from benchmarks.matching.columns import (
    Bytes,
    Integers,
    characters,
    digits_in_characters,
    digits_of,
    put_together,
    texts_of,
)

KINDS = ("ocr", "rf", "free")
STYLES = 3
SPREAD_OVER = 10**11
DENSE_WIDTH, SPREAD_WIDTH = 7, 11
GREATEST_SERIAL = 10**8
YEAR = "2025"


def spread(serials: Integers) -> Integers:
    """An affine permutation of 0..10**11-1: neighbouring serials share no pattern of digits."""
    if serials.size and int(serials.max()) > GREATEST_SERIAL:
        raise ValueError(f"serials above {GREATEST_SERIAL} cannot be spread in 64 bits")
    return (serials * 61_803_398_873 + 27_182_818_281) % SPREAD_OVER


def bodies(serials: Integers, *, dense: bool) -> Bytes:
    """The digits that stand for an invoice in its reference."""
    if not dense:
        return digits_of(spread(serials), SPREAD_WIDTH)
    greatest = int(serials.max()) if serials.size else 0
    return digits_of(serials, max(DENSE_WIDTH, len(str(greatest))))


def luhn(digits: Bytes) -> Bytes:
    """The modulus 10 check digit after each row, weights 2, 1 from the right."""
    doubled = digits[:, ::-1].astype(np.int64)
    doubled[:, ::2] *= 2
    doubled -= 9 * (doubled > 9)
    checks: Bytes = (-doubled.sum(axis=1) % 10).astype(np.uint8)
    return checks


def mod97(digits: Bytes) -> Integers:
    """Each row read as one number, modulo 97."""
    rest = np.zeros(len(digits), np.int64)
    for column in digits.T:
        rest = (rest * 10 + column) % 97
    return rest


def ocr(body: Bytes) -> Bytes:
    """Body, last digit of the total length, Luhn digit; in characters."""
    length = np.full((len(body), 1), (body.shape[1] + 2) % 10, np.uint8)
    counted = np.hstack([body, length])
    return digits_in_characters(np.hstack([counted, luhn(counted)[:, None]]))


def rf(body: Bytes) -> Bytes:
    """`RF`, two check digits over body, `RF00` in figures (2715 00), body; in characters."""
    rows = len(body)
    with_letters = np.hstack([body, np.tile(np.array([2, 7, 1, 5, 0, 0], np.uint8), (rows, 1))])
    checks = digits_of(98 - mod97(with_letters), 2)
    return np.hstack([characters("RF", rows), digits_in_characters(np.hstack([checks, body]))])


def free(style: int, serials: Integers, body: Bytes) -> Bytes:
    """An invoice number in one of three styles: `FV/0012345/10/2025`, `INV-2025-0012345`, `F20250012345`."""
    rows, shown = len(body), digits_in_characters(body)
    if style == 0:
        month = digits_in_characters(digits_of(1 + serials % 12, 2))
        slash = characters("/", rows)
        return np.hstack([characters("FV/", rows), shown, slash, month, characters(f"/{YEAR}", rows)])
    return np.hstack([characters(f"INV-{YEAR}-" if style == 1 else f"F{YEAR}", rows), shown])


def printed(
    serials: Integers, *, kinds: Integers, styles: Integers, dense: bool
) -> tuple[pa.LargeStringArray, pa.LargeStringArray]:
    """Invoice numbers and references of these serials; `kinds` are places in KINDS, `styles` those of free numbers.

    The invoice number is the serial for OCR, year and serial for RF, and the reference itself for free text.
    """
    body, rows = bodies(serials, dense=dense), len(serials)
    plain = bodies(serials, dense=True)
    numbers, references = [], []
    for kind, name in enumerate(KINDS[:2]):
        where = np.flatnonzero(kinds == kind)
        shown = digits_in_characters(plain[where])
        year = characters(YEAR if name == "rf" else "", where.size)
        numbers.append((where, texts_of(np.hstack([year, shown]))))
        references.append((where, texts_of(ocr(body[where]) if name == "ocr" else rf(body[where]))))
    for style in range(STYLES):
        where = np.flatnonzero((kinds == KINDS.index("free")) & (styles == style))
        column = texts_of(free(style, serials[where], body[where]))
        numbers.append((where, column))
        references.append((where, column))
    return put_together(rows, numbers), put_together(rows, references)
