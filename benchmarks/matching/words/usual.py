"""The words of the goals: Sweden, Poland, Romania, some Germany."""

from benchmarks.matching.words.shape import Country, Words, listed

_SWEDEN = Country(
    "SE",
    0.50,
    20,
    listed(
        "Anna Eva Maria Karin Sara Lena Emma Kristina Kerstin Elin Ingrid Birgitta Johanna Malin Lars Mikael Anders "
        "Johan Erik Per Karl Peter Thomas Jan Daniel Fredrik Hans Bengt Mats Göran Åke Björn Sören Östen"
    ),
    listed(
        "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson "
        "Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Olofsson Lindqvist Lindgren Berg "
        "Axelsson Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Holm "
        "Forsberg Sjöberg Wallin Engström Danielsson Håkansson Eklund Lundin Björk Bergman Gunnarsson Wikström"
    ),
    listed("Bygg Åkeri Måleri El VVS Fastigheter Konsult Redovisning Bärgning Transport Livs Hotell Teknik Plåt"),
    ("AB", "AB", "AB", "HB", "Ekonomisk förening"),
    "Storgatan 4",
    (
        "{r}",
        "{r}",
        "OCR {r}",
        "Faktura {r}",
        "fakturanr {r}",
        "Fakt.nr {r} kundnr {c}",
        "Betalning faktura {r} {d}",
        "Avser faktura {r}, tack",
        "{r} tel {p}",
    ),
    ("", "", "Faktura", "Betalning", "Tack", "faktura oktober", "hyra", "se bifogad", "kundnr {c}", "{d}"),
)
_POLAND = Country(
    "PL",
    0.25,
    24,
    listed(
        "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Elżbieta Magdalena Piotr Krzysztof Andrzej "
        "Tomasz Paweł Jan Michał Marcin Stanisław Jakub Łukasz Grzegorz Wojciech Zbigniew"
    ),
    listed(
        "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Król "
        "Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Nowakowski Pawłowski Michalski Nowicki "
        "Adamczyk Dudek Zając Wieczorek Jabłoński Majewski Olszewski Jaworski Wróbel Malinowski Stępień"
    ),
    listed("Transport Budowa Serwis Logistyka Handel Produkcja Holowanie Usługi Nieruchomości Instal Meble"),
    ("Sp. z o.o.", "Sp. z o.o.", "S.A.", "Sp.j.", "P.H.U."),
    "ul. Polna 7",
    (
        "{r}",
        "FV {r}",
        "zapłata za fakturę {r}",
        "faktura nr {r}",
        "Za FV {r} z dnia {d}",
        "FAKTURA {r} KLIENT {c}",
        "Przelew za fakt. {r}",
    ),
    ("", "zapłata za fakturę", "przelew", "opłata", "usługa {d}", "klient {c}", "faktura październik"),
)
_ROMANIA = Country(
    "RO",
    0.15,
    20,
    listed(
        "Maria Elena Ana Ioana Andreea Mihaela Cristina Daniela Alexandra Gabriela Andrei Alexandru Mihai Ion Marius "
        "Gheorghe Constantin Ștefan Florin Adrian Cătălin Răzvan Bogdan Vasile"
    ),
    listed(
        "Popescu Ionescu Popa Radu Dumitru Stan Stoica Gheorghe Matei Ciobanu Ionita Rusu Constantin Marin Dinu Toma "
        "Nistor Florea Dobre Barbu Nedelcu Tudor Lazăr Șerban Munteanu Moldovan Enache Vasilescu"
    ),
    listed("Construct Trans Impex Serv Com Agro Prod Consulting Tractări Logistic Mobila Instal"),
    ("SRL", "SRL", "SRL", "SA", "PFA"),
    "Str. Lungă 3",
    (
        "{r}",
        "factura {r}",
        "fact nr {r}",
        "plata factura {r} din {d}",
        "c/v factura {r}",
        "cv fact {r} client {c}",
    ),
    ("", "plata factura", "plata", "servicii", "client {c}", "factura octombrie", "cv factura"),
)
_GERMANY = Country(
    "DE",
    0.10,
    18,
    listed("Anna Ursula Monika Petra Sabine Thomas Michael Andreas Stefan Jürgen Wolfgang Günther Klaus Dieter"),
    listed("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter"),
    listed("Bau Handel Spedition Technik Dienstleistung Immobilien Logistik Elektro"),
    ("GmbH", "GmbH", "AG", "KG"),
    "c/o",
    (
        "{r}",
        "Rechnung {r}",
        "RG {r} KD {c}",
        "Rechn.Nr. {r} vom {d}",
        "Invoice {r} dated {d}",
        "/INV/{r}/{c}",
    ),
    ("", "Rechnung", "Zahlung", "invoice", "Kunde {c}", "payment {d}"),
)
USUAL = Words(
    countries=(_SWEDEN, _POLAND, _ROMANIA, _GERMANY),
    stems=listed(
        "Nord Syd Väst Öst Alfa Beta Delta Omega Hansa Viking Polar Baltic Carpat Danub Vistula Mazur Tatra Transil "
        "Bucov Metro Auto Agro Eko Euro Inter Multi Pro Uni Techno Vita Luna Sol Terra Aqua Ferro Kvarn Skog Sten "
        "Lada Kross Elit Prima Optim Maxi Nova Orion Atlas Titan Argo Silva"
    ),
    endings=("", "", "a", "ex", "is", "um"),
    foreign_texts=_GERMANY.texts,
    list_openings=("", "", "fakt ", "FV ", "inv "),
    list_joints=(", ", " ", ";", "+", " och "),
    collective_payers=("Collector Inkasso AB", "Fastighetsförvaltning Nord AB", "Centrum Rozliczeń SA"),
    junk=(
        *("Lön {d}", "Skatteåterbäring", "Återbetalning {n}", "Ränta", "Zwrot podatku {n}", "Wynagrodzenie"),
        *("Restituire TVA {n}", "Kortinlösen {n}", "Card settlement batch {n}", "OCR {o}", "Faktura {n}", "FV {m}"),
        *("Insättning", "Swish {p}", "Försäkringsersättning skada {n}", "Rückerstattung {n}", "PayPal {n}"),
        *("Bankgiro {o}", "polisa nr {n}", "{o}"),
    ),
    junk_payers=(
        *("Skatteverket", "Försäkringskassan", "Bankgirot", "Urząd Skarbowy", "ANAF", "Bambora AB", "Swedbank Pay"),
        *("PayPal Europe", "If Skadeförsäkring", "PZU SA", "Zettle Payments", "Worldline Sweden", "Allegro.eu"),
    ),
)
