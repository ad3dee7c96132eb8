"""What people, firms and streets are called in Sweden, Poland and Romania; all invented."""

import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Names:
    """One country's names. Family names are (of women, of men); a town is (name, first digits of its postal code).

    A firm's pattern takes `{family}`, `{town}` and `{trade}`; a street's and a postal code's take a number.
    """

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[tuple[str, str], ...]
    towns: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    trades: tuple[str, ...]
    firms: tuple[str, ...]
    street_pattern: str
    postal_pattern: str


def _same(*families: str) -> tuple[tuple[str, str], ...]:
    return tuple((family, family) for family in families)


def _polish(*men: str) -> tuple[tuple[str, str], ...]:
    return tuple((man[:-1] + "a" if man.endswith(("ski", "cki", "dzki")) else man, man) for man in men)


NAMES: Final[Mapping[str, Names]] = {
    "SE": Names(
        women=("Anna", "Karin", "Sofia", "Åsa", "Elin", "Maja", "Ingrid", "Eva", "Linnéa", "Birgitta", "Sara", "Ulla"),
        men=("Erik", "Lars", "Björn", "Göran", "Nils", "Olof", "Per", "Johan", "Mats", "Åke", "Sven", "Oskar"),
        families=_same(
            *("Andersson", "Berg", "Lindqvist", "Sjöberg", "Åkesson", "Öberg", "Nyström", "Holm", "Wallin", "Ek"),
            *("Johansson", "Nilsson", "Larsson", "Hedlund", "Sandström", "Löfgren", "Fransson", "Björk", "Norén"),
        ),
        towns=(
            *(("Umeå", "90"), ("Luleå", "97"), ("Gävle", "80"), ("Örebro", "70"), ("Växjö", "35"), ("Kalmar", "39")),
            *(("Falun", "79"), ("Skövde", "54"), ("Västerås", "72"), ("Malmö", "21"), ("Borås", "50"), ("Visby", "62")),
        ),
        streets=("Storgatan", "Kyrkogatan", "Björkvägen", "Skolgatan", "Hamngatan", "Ängsvägen", "Kungsgatan"),
        trades=(
            *("Åkeri", "Bageri", "Plåt", "Frisör", "Bokhandel", "Trädgård", "Måleri", "Cykel", "Tandvård", "Kafé"),
            *("Redovisning", "El", "Rör", "Bygg", "Städ", "Optik", "Blommor", "Möbler"),
        ),
        firms=("{town} {trade} AB", "{family}s {trade} AB", "{trade} i {town} AB", "{family} & Co {trade} HB"),
        street_pattern="{street} {number}",
        postal_pattern="{prefix}{rest:01d} {more:02d}",
    ),
    "PL": Names(
        women=(
            *("Anna", "Maria", "Katarzyna", "Małgorzata", "Agnieszka", "Zofia", "Ewa", "Joanna", "Elżbieta", "Łucja"),
            *("Barbara", "Magdalena"),
        ),
        men=(
            *("Jan", "Piotr", "Krzysztof", "Andrzej", "Tomasz", "Paweł", "Michał", "Józef", "Stanisław", "Łukasz"),
            *("Marek", "Wojciech"),
        ),
        families=_polish(
            *("Nowak", "Kowalski", "Wiśniewski", "Wójcik", "Kowalczyk", "Kamiński", "Lewandowski", "Zieliński"),
            *("Szymański", "Woźniak", "Dąbrowski", "Kozłowski", "Jankowski", "Mazur", "Krawczyk", "Wróbel", "Gołąb"),
            *("Rutkowski", "Sikora", "Ostrowski", "Baran", "Górecki"),
        ),
        towns=(
            *(("Warszawa", "00"), ("Kraków", "31"), ("Łódź", "90"), ("Wrocław", "50"), ("Poznań", "60")),
            *(("Gdańsk", "80"), ("Białystok", "15"), ("Rzeszów", "35"), ("Częstochowa", "42"), ("Toruń", "87")),
        ),
        streets=("Długa", "Polna", "Leśna", "Słoneczna", "Krótka", "Szkolna", "Ogrodowa", "Lipowa", "Źródlana"),
        trades=(
            *("Piekarnia", "Stolarnia", "Apteka", "Serwis", "Hurtownia", "Drukarnia", "Kwiaciarnia", "Księgarnia"),
            *("Spółdzielnia", "Cukiernia", "Transport", "Ogrodnictwo"),
        ),
        firms=(
            *("{trade} {family} sp. z o.o.", "{trade} {town} sp. z o.o.", "{family} i Synowie sp.j."),
            "P.P.H.U. {family} sp. z o.o.",
        ),
        street_pattern="ul. {street} {number}",
        postal_pattern="{prefix}-{rest:01d}{more:02d}",
    ),
    "RO": Names(
        women=(
            *("Maria", "Elena", "Ioana", "Andreea", "Ana", "Mihaela", "Cristina", "Daniela", "Alexandra", "Roxana"),
            *("Ștefania", "Mădălina"),
        ),
        men=(
            *("Andrei", "Mihai", "Ion", "Alexandru", "Gheorghe", "Vasile", "Cristian", "Florin", "Radu", "Ștefan"),
            *("Bogdan", "Cătălin"),
        ),
        families=_same(
            *("Popescu", "Ionescu", "Popa", "Pop", "Radu", "Dumitru", "Stan", "Stoica", "Gheorghe", "Matei", "Rusu"),
            *("Munteanu", "Mureșan", "Tănase", "Bălan", "Ciobanu", "Constantinescu", "Șerban", "Lungu"),
        ),
        towns=(
            *(("București", "01"), ("Cluj-Napoca", "40"), ("Iași", "70"), ("Timișoara", "30"), ("Brașov", "50")),
            *(("Constanța", "90"), ("Sibiu", "55"), ("Oradea", "41"), ("Galați", "80"), ("Bacău", "60")),
        ),
        streets=("Unirii", "Libertății", "Eminescu", "Florilor", "Gării", "Morii", "Independenței", "Viilor"),
        trades=(
            *("Transport", "Construct", "Agro", "Logistic", "Curier", "Instal", "Lemn", "Service", "Impex", "Distrib"),
            *("Taxi", "Utilaje"),
        ),
        firms=(
            "{family} {trade} SRL",
            "{trade} {town} SRL",
            "SC {family} & Fiii {trade} SRL",
            "{trade} Grup {town} SA",
        ),
        street_pattern="Str. {street} nr. {number}",
        postal_pattern="{prefix}{rest:01d}{more:03d}",
    ),
}


def person(names: Names, source: random.Random) -> str:
    """A human being, given name first."""
    woman = source.randrange(2) == 0
    family = source.choice(names.families)
    return f"{source.choice(names.women if woman else names.men)} {family[0 if woman else 1]}"


def firm(names: Names, source: random.Random, town: str) -> str:
    """A firm of this town with its legal form."""
    return source.choice(names.firms).format(
        family=source.choice(names.families)[1], town=town, trade=source.choice(names.trades)
    )


def rare_person(names: Names, source: random.Random) -> str:
    """A human being with a double family name: so many that hardly two of a company's customers are called alike."""
    woman = source.randrange(2) == 0
    which = 0 if woman else 1
    first, second = source.sample(range(len(names.families)), 2)
    family = f"{names.families[first][which]}-{names.families[second][which]}"
    return f"{source.choice(names.women if woman else names.men)} {family}"


def rare_firm(names: Names, source: random.Random, town: str) -> str:
    """A firm with somebody's name before its own."""
    return f"{source.choice(names.families)[1]} {firm(names, source, town)}"


def address(names: Names, source: random.Random) -> tuple[str, str, str]:
    """(street with number, postal code, town)."""
    town, prefix = source.choice(names.towns)
    street = names.street_pattern.format(street=source.choice(names.streets), number=source.randrange(1, 90))
    return (
        street,
        names.postal_pattern.format(prefix=prefix, rest=source.randrange(10), more=source.randrange(100)),
        town,
    )


_WITHOUT_MARKS: Final = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss"})


def without_marks(text: str) -> str:
    """The text in letters of ASCII, as banks and addresses spell it: Łódź is Lodz, Åkesson is Akesson."""
    apart = unicodedata.normalize("NFKD", text.translate(_WITHOUT_MARKS))
    return "".join(c for c in apart if not unicodedata.combining(c)).encode("ascii", "replace").decode()
