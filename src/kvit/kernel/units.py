"""Units of measure: the code of UN/ECE Recommendation 20 for the word people use, and the word for the code."""

from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError

PIECE: Final = "C62"
"""A piece; what is counted without a unit is told as this too."""


class UnknownUnit(DomainError):
    """Neither a code of UN/ECE Recommendation 20 that is known here nor a word for one."""

    code: ClassVar[str] = "unknown_unit"


_WORDS: Final[dict[str, tuple[str, str, str, str]]] = {
    PIECE: ("pc", "szt.", "st", "buc."),
    "H87": ("pc", "szt.", "st", "buc."),
    "HUR": ("h", "godz.", "tim", "h"),
    "MIN": ("min", "min", "min", "min"),
    "SEC": ("s", "s", "s", "s"),
    "DAY": ("d", "dni", "dgr", "zile"),
    "WEE": ("wk", "tyg.", "v", "săpt."),
    "MON": ("mo.", "mies.", "mån", "luni"),
    "ANN": ("yr", "lat", "år", "ani"),
    "KGM": ("kg", "kg", "kg", "kg"),
    "GRM": ("g", "g", "g", "g"),
    "TNE": ("t", "t", "t", "t"),
    "MTR": ("m", "m", "m", "m"),
    "CMT": ("cm", "cm", "cm", "cm"),
    "KMT": ("km", "km", "km", "km"),
    "MTK": ("m²", "m²", "m²", "m²"),
    "MTQ": ("m³", "m³", "m³", "m³"),
    "LTR": ("l", "l", "l", "l"),
    "KWH": ("kWh", "kWh", "kWh", "kWh"),
    "MWH": ("MWh", "MWh", "MWh", "MWh"),
    "KWT": ("kW", "kW", "kW", "kW"),
    "E34": ("GB", "GB", "GB", "GB"),
    "4L": ("MB", "MB", "MB", "MB"),
    "SET": ("set", "kpl.", "sats", "set"),
    "PR": ("pair", "par", "par", "per."),
    "XPK": ("pkg", "opak.", "förp", "pach."),
    "XBX": ("box", "karton", "kartong", "cutie"),
    "XPX": ("pallet", "paleta", "pall", "palet"),
    "IE": ("pers.", "os.", "pers", "pers."),
    "E48": ("service", "usł.", "tjänst", "serv."),
    "LS": ("lump sum", "ryczałt", "fast pris", "sumă forf."),
    "P1": ("%", "%", "%", "%"),
}
"""Code → the short word in English, Polish, Swedish, Romanian."""
_LANGUAGES: Final = ("en", "pl", "sv", "ro")
_OTHER: Final[dict[str, str]] = {
    PIECE: "pcs piece pieces szt sztuka sztuki sztuk stk styck buc bucata bucati bucată bucăți vehicul one unit units",
    "HUR": "hr hrs hour hours godz godzina godziny godzin timme timmar ore oră ora",
    "MIN": "mins minute minutes minuta minut minuter minute",
    "DAY": "day days dzien dzień doba dag dagar zi",
    "WEE": "week weeks tydz tydzien tydzień tyg vecka veckor săptămână",
    "MON": "mo month months mies miesiąc miesiac miesięcy man månad månader luna lună",
    "ANN": "y year years rok lata ar an",
    "MTK": "m2 sqm kvm mp",
    "MTQ": "m3 cbm kbm mc",
    "TNE": "ton tonne tonnes tona ton.",
    "LTR": "litre liter litr",
    "KGM": "kilo kilogram",
    "KMT": "kilometer kilometre",
    "MTR": "metre meter metr",
    "SET": "kpl komplet uppsättning",
    "PR": "pairs para",
    "XPK": "package packages paczka opak opakowanie paket pachet",
    "IE": "person persons people os osoba osób personer pers persoane",
    "E48": "services usluga usługa usł tjänster serviciu",
    "LS": "lump ryczalt",
}


def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, words in _WORDS.items():
        for word in (*words, *_OTHER.get(code, "").split()):
            if word:
                found.setdefault(word.casefold(), code)
                found.setdefault(word.casefold().rstrip("."), code)
    return found


_CODES: Final = _known()


def code_of(written: str) -> str:
    """The code for what somebody wrote: a code or a word in any of the four languages; nothing stays nothing.

    Other codes of Recommendation 20 and of 21 (with an X before them) are two or three capital letters and digits
    and are taken as they are. Refuses `UnknownUnit`.
    """
    text = written.strip()
    if text in _WORDS or not text:
        return text
    found = _CODES.get(text.casefold())
    if found is not None:
        return found
    if 2 <= len(text) <= 3 and text.isascii() and text.isalnum() and text == text.upper():
        return text
    known = ", ".join(words[0] for words in _WORDS.values() if words[0])
    raise UnknownUnit(
        f"{text[:20]!r} is no unit that is known here; write one of {known}, or its code of UN/ECE Recommendation 20"
    )


def word(code: str, language: str) -> str:
    """The short word for a code in a language (en, pl, sv, ro); nothing for nothing.

    What is kept from before there were codes is a word itself, and comes in the language too where it is known.
    """
    words = _WORDS.get(code) or _WORDS.get(_CODES.get(code.casefold(), ""))
    if words is None:
        return code
    return words[_LANGUAGES.index(language) if language in _LANGUAGES else 0]


def codes() -> tuple[str, ...]:
    """Every code that has words here."""
    return tuple(_WORDS)
