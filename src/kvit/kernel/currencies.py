"""Which currencies there are and how many decimals each has (ISO 4217)."""

from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError


class UnknownCurrency(DomainError):
    """The code is not a currency of ISO 4217 that has a minor unit."""

    code: ClassVar[str] = "unknown_currency"


# ISO 4217, list one: every active currency with a minor unit, state of November 2026.
_TWO_DECIMALS: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR
    PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
"""
_NO_DECIMALS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS: Final = "CLF UYW"

# ISO 4217, list three: withdrawn since 2015, but still met in old invoices and statements.
_WITHDRAWN_TWO_DECIMALS: Final = "ANG BGN CUC HRK LTL MRO SLL STD VEF ZWL"
_WITHDRAWN_NO_DECIMALS: Final = "BYR"

_MINOR_UNITS: Final[dict[str, int]] = {
    currency: decimals
    for decimals, currencies in (
        (0, _NO_DECIMALS + " " + _WITHDRAWN_NO_DECIMALS),
        (2, _TWO_DECIMALS + " " + _WITHDRAWN_TWO_DECIMALS),
        (3, _THREE_DECIMALS),
        (4, _FOUR_DECIMALS),
    )
    for currency in currencies.split()
}


def minor_units(currency: str) -> int:
    """How many decimals `currency` (three capital letters) has: PLN 2, JPY 0, KWD 3.

    Refuses `UnknownCurrency`. Source: ISO 4217, column "minor unit".
    """
    try:
        return _MINOR_UNITS[currency]
    except KeyError:
        raise UnknownCurrency(f"{currency!r} is not a currency code of ISO 4217") from None


def known() -> frozenset[str]:
    """All currency codes that money can be in."""
    return frozenset(_MINOR_UNITS)
