"""How the company's documents look: its colour and logo, and an example as a picture."""

import base64
from dataclasses import dataclass
from datetime import date

from kvit.banking import queries as banking
from kvit.documents import queries as documents
from kvit.documents.domain import example, renderers
from kvit.documents.domain.example import Company
from kvit.documents.domain.kinds import WayKind
from kvit.documents.domain.sheet import Look, Side, Way
from kvit.pages import words
from kvit.pages.buyers import paying
from kvit.pages.buyers.paying import Wanted
from kvit.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Owner:
    """The company as it stands on the example; `party_id` is what its logo is filed under."""

    party_id: int
    company: Company


def owner(*, currency: str, day: date) -> Owner | None:
    """The company, or None before its name is saved. Needs the tenant's scope."""
    own = next((parties.party(party_id) for party_id in parties.own_parties()), None)
    if own is None:
        return None
    lines: tuple[str, ...] = ()
    if own.address is not None:
        lines = (*own.address.street.splitlines(), f"{own.address.postal_code} {own.address.city}".strip())
    wanted = Wanted(example.gross_minor(own.country), currency, example.NUMBER, day)
    ways = tuple(
        Way(WayKind(way.kind.value), way.account, way.payee, way.reference, code=way.code or "")
        for way in paying.ways(wanted, banking.payees(currency), own)
    )
    side = Side(own.name, tuple(line for line in lines if line))
    return Owner(own.id, Company(side, own.country, currency, ways))


def logo(look: Look) -> bytes | None:
    """The logo's bytes, or None where there is none. Needs the tenant's scope."""
    return documents.content(look.logo_sha256) if look.logo_sha256 else None


def picture(company: Company, look: Look, *, logo: bytes | None, day: date) -> str:
    """The example in the reader's language, as an address that holds the picture. Refuses `NotRenderable`."""
    png = drawn(company, look, logo=logo, day=day)
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def drawn(company: Company, look: Look, *, logo: bytes | None, day: date) -> bytes:
    """The same as PNG. Refuses `NotRenderable`."""
    language = words.current()
    sheet = example.invoice(company, language=language, day=day, look=look, words=words.catalogue(language))
    return renderers.current().picture(sheet, logo=logo)
