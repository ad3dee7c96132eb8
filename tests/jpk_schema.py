"""The official structure JPK_V7M (3): rows of our sales register as elements of it, and what its schema finds wrong.

The structure names three schemas of elementary types by address. They are not in the shared folder in its editions; the
editions before them, which are, stand in under their names: countries, tax offices, elementary types.
"""

import functools
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

import official

_SPACE = "http://crd.gov.pl/wzor/2025/12/19/14090/"
_KNOWN = "http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2021/06/08/eD/DefinicjeTypy/"
_EDITIONS = {
    "KodyKrajow": "KodyKrajow_v8-0E.xsd",
    "KodyUrzedowSkarbowych": "KodyUrzedowSkarbowych_v7-0E.xsd",
    "StrukturyDanych": "StrukturyDanych_v8-0E.xsd",
    "ElementarneTypyDanych": "ElementarneTypyDanych_v8-0E.xsd",
}
_OURS = frozenset({"Korekta", "WalutaDokumentu", "KursWaluty", "KodWaluty", "DoSprawdzenia"})
_TAXES = ("K_16", "K_18", "K_20")


class _Beside(etree.Resolver):
    def resolve(self, system_url: Any, public_id: Any, context: Any) -> Any:
        space, _, name = str(system_url).rpartition("/")
        edition = _EDITIONS.get(name.partition("_")[0])
        if edition is None:
            return None
        text = official.folder("jpk", "schema", "older", edition).read_text("utf-8")
        return self.resolve_string(text.replace(_KNOWN, f"{space}/"), context, base_url=system_url)


@functools.cache
def _schema() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside())
    return etree.XMLSchema(etree.parse(official.folder("jpk", "schema", "JPK_V7M_3.xsd"), parser))


def file_of(rows: Iterable[Mapping[str, str]]) -> bytes:
    """A whole JPK_V7M with these rows of the register, as an accountant's program makes it of them."""
    listed = [{name: value.replace(",", ".") if name[:2] == "K_" else value for name, value in r.items()} for r in rows]
    sales = "".join(
        f"<SprzedazWiersz>{''.join(_element(n, v) for n, v in row.items() if v and n not in _OURS)}</SprzedazWiersz>"
        for row in listed
    )
    due = sum(round(100 * float(row[name] or 0)) for row in listed for name in _TAXES)
    return f"""<JPK xmlns="{_SPACE}"><Naglowek>
        <KodFormularza kodSystemowy="JPK_V7M (3)" wersjaSchemy="1-0E">JPK_VAT</KodFormularza>
        <WariantFormularza>3</WariantFormularza><DataWytworzeniaJPK>2026-04-02T08:00:00Z</DataWytworzeniaJPK>
        <NazwaSystemu>Kvit</NazwaSystemu><CelZlozenia poz="P_7">1</CelZlozenia><KodUrzedu>0202</KodUrzedu>
        <Rok>2026</Rok><Miesiac>3</Miesiac></Naglowek>
        <Podmiot1 rola="Podatnik"><OsobaNiefizyczna><NIP>5260250274</NIP><PelnaNazwa>Polska Firma</PelnaNazwa>
        <Email>a@example.com</Email></OsobaNiefizyczna></Podmiot1>
        <Ewidencja>{sales}<SprzedazCtrl><LiczbaWierszySprzedazy>{len(listed)}</LiczbaWierszySprzedazy>
        <PodatekNalezny>{due / 100:.2f}</PodatekNalezny></SprzedazCtrl>
        <ZakupCtrl><LiczbaWierszyZakupow>0</LiczbaWierszyZakupow><PodatekNaliczony>0</PodatekNaliczony></ZakupCtrl>
        </Ewidencja></JPK>""".encode()


def _element(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>"


def wrong_in(data: bytes) -> list[str]:
    """What the schema finds wrong; nothing where the file is valid."""
    schema = _schema()
    schema.validate(etree.fromstring(data))
    return [f"line {error.line}: {error.message}" for error in schema.error_log]
