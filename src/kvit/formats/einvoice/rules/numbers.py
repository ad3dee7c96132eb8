"""Whether numbers that name their scheme are right by it: the rules PEPPOL-COMMON."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from kvit.formats.einvoice.model import Identifier, Invoice, Party
from kvit.formats.einvoice.problem import Severity
from kvit.formats.einvoice.rules.peppol import PEPPOL_RULES
from kvit.formats.einvoice.rules.rule import Breach, at
from kvit.kernel.identifiers import checksums

_ABN_WEIGHTS: Final = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_MOD11_WEIGHTS: Final = (2, 3, 4, 5, 6, 7)


def _digits(number: str, count: int = 0) -> bool:
    return number.isascii() and number.isdecimal() and (not count or len(number) == count)


def _is_gln(number: str) -> bool:
    """GS1: weights 3 and 1 from the right, modulo 10."""
    if not _digits(number):
        return False
    weighted = sum(int(digit) * (3 - 2 * (n % 2)) for n, digit in enumerate(reversed(number[:-1])))
    return (10 - weighted % 10) % 10 == int(number[-1])


def _is_norwegian(number: str) -> bool:
    if not _digits(number, 9):
        return False
    body = [int(digit) for digit in reversed(number[:-1])]
    weighted = sum(digit * _MOD11_WEIGHTS[n % 6] for n, digit in enumerate(body))
    return (11 - weighted % 11) % 11 == int(number[-1])


def _is_belgian(number: str) -> bool:
    return _digits(number, 10) and 97 - int(number[:8]) % 97 == int(number[8:])


def _is_australian(number: str) -> bool:
    if not _digits(number, 11):
        return False
    figures = [int(digit) for digit in number]
    figures[0] -= 1
    return sum(figure * weight for figure, weight in zip(figures, _ABN_WEIGHTS, strict=True)) % 89 == 0


def _is_swedish(number: str) -> bool:
    return _digits(number, 10) and checksums.luhn_fits(number)


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda number: compiled.fullmatch(number) is not None


def _numbers(invoice: Invoice) -> Iterator[tuple[str, Identifier]]:
    for place, party in (("seller", invoice.seller), ("buyer", invoice.buyer)):
        yield from ((place, one) for one in _of(party))
    if invoice.payee:
        kept = (invoice.payee.identifier, invoice.payee.registration)
        yield from (("payee", one) for one in kept if one)


def _of(party: Party) -> Iterator[Identifier]:
    yield from party.identifiers
    yield from (one for one in (party.electronic_address, party.registration) if one)


def _scheme(
    number: str, scheme: str, name: str, is_right: Callable[[str], bool], severity: Severity = Severity.ERROR
) -> None:
    def check(invoice: Invoice) -> Iterable[Breach]:
        for place, one in _numbers(invoice):
            if one.scheme == scheme and not is_right(one.value):
                yield at(place, number=one.value[:40])

    PEPPOL_RULES.add(number, f"{{number}} is no {name} (scheme {scheme})", check, severity=severity)


_DANISH: Final = r"(DK)?[0-9]{8}"
_FISCAL: Final = r"[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]|[0-9]{11}"
_scheme("PEPPOL-COMMON-R040", "0088", "GLN", _is_gln)
_scheme("PEPPOL-COMMON-R041", "0192", "Norwegian organisation number", _is_norwegian)
_scheme("PEPPOL-COMMON-R042", "0184", "Danish CVR number", _matches(_DANISH))
_scheme("PEPPOL-COMMON-R043", "0208", "Belgian enterprise number", _is_belgian)
_scheme("PEPPOL-COMMON-R044", "0201", "Italian IPA code", _matches(r"[A-Za-z0-9]{6}"), Severity.WARNING)
_scheme("PEPPOL-COMMON-R045", "0210", "Italian fiscal code", _matches(_FISCAL), Severity.WARNING)
_scheme("PEPPOL-COMMON-R046", "9907", "Italian fiscal code", _matches(_FISCAL), Severity.WARNING)
_scheme("PEPPOL-COMMON-R049", "0007", "Swedish organisation number", _is_swedish)
_scheme("PEPPOL-COMMON-R050", "0151", "Australian business number", _is_australian)
_scheme("PEPPOL-COMMON-R052", "0096", "Danish P number", _matches(r"[0-9]{10}"))
_scheme("PEPPOL-COMMON-R053", "0198", "Danish SE number", _matches(r"DK[0-9]{8}"))
_scheme("PEPPOL-COMMON-R054", "0106", "Dutch KVK number", _matches(r"[0-9]{8}"), Severity.WARNING)
_scheme("PEPPOL-COMMON-R055", "0190", "Dutch organisation number", _matches(r"[0-9]{20}"), Severity.WARNING)
_scheme("PEPPOL-COMMON-R056-1", "9944", "Dutch VAT number", _matches(r"NL[0-9]{9}B[0-9]{2}"), Severity.WARNING)
_scheme("PEPPOL-COMMON-R057", "0217", "Dutch establishment number", _matches(r"[0-9]{12}"), Severity.WARNING)
