"""Who writes made-up documents to whom, about what, in each language."""

from datetime import date

from kvit.documents.domain.kinds import Wording
from kvit.documents.domain.sheet import LawText, Number, Side

DAY = date(2026, 3, 2)
LANGUAGES = ("en", "pl", "sv", "ro")
COUNTRY = {"en": "SE", "pl": "PL", "sv": "SE", "ro": "RO"}
CURRENCY = {"en": "EUR", "pl": "PLN", "sv": "SEK", "ro": "RON"}
RATE = {"en": "25", "pl": "23", "sv": "25", "ro": "21"}
IBAN = {
    "en": "SE4550000000058398257466",
    "pl": "PL61109010140000071219812874",
    "sv": "SE4550000000058398257466",
    "ro": "RO49AAAA1B31007593840000",
}
SELLERS = {
    "en": Side(
        "Nordvik Field Service AB", ("Storgatan 12", "903 26 Umeå", "Sweden"), (Number("VAT", "SE556036079301"),)
    ),
    "pl": Side(
        "Promień Energia Sp. z o.o.",
        ("ul. Świętokrzyska 31/33", "00-049 Warszawa"),
        (Number("NIP", "525-000-83-56"), Number("BDO", "000012345")),
    ),
    "sv": Side(
        "Nordljus Telekom AB",
        ("Västra Esplanaden 4", "903 30 Umeå"),
        (Number("Org.nr", "556036-0793"), Number("VAT", "SE556036079301")),
    ),
    "ro": Side(
        "Traseu Flotă S.R.L.",
        ("Strada Țărăncuței nr. 8", "400001 Cluj-Napoca"),
        (Number("CUI", "RO18547290"), Number("Nr. reg. com.", "J12/1234/2010")),
    ),
}
BUYERS = {
    "en": Side("Harrow & Whitcombe Agricultural Machinery Hire and Repair Ltd", ("3 Mill Lane", "York YO1 7HU"), ()),
    "pl": Side(
        "Przedsiębiorstwo Produkcyjno-Usługowo-Handlowe Źródło Gęśla Jaźń Spółka jawna",
        ("ul. Żółkiewskiego 5", "31-539 Kraków"),
        (Number("NIP", "676-237-10-18"),),
    ),
    "sv": Side(
        "Åkeri Öst i Ångermanland Aktiebolag", ("Älvgatan 7", "872 30 Kramfors"), (Number("Org.nr", "556677-8899"),)
    ),
    "ro": Side("Țesături Brașov S.A.", ("Bulevardul Griviței 1", "500177 Brașov"), (Number("CUI", "RO1590082"),)),
}
GOODS = {
    "en": ("Call-out, weekday", "Replacement of a hydraulic pump, with parts", "Diesel generator hire", "Travel"),
    "pl": ("Energia czynna całodobowa", "Opłata dystrybucyjna zmienna", "Opłata mocowa", "Obsługa handlowa"),
    "sv": ("Bredband 1000 företag", "Mobilabonnemang, fri surf", "Växelfunktion", "Installation på plats"),
    "ro": ("Abonament monitorizare GPS", "Instalare dispozitiv în vehicul", "Citire tahograf", "Școlarizare șoferi"),
}
UNITS = {"en": "h", "pl": "kWh", "sv": "st", "ro": "buc"}
DETAIL = {
    "en": "Excavator SN 20-7741, 14 to 18 February",
    "pl": "Punkt poboru PPE 590322429800012345",
    "sv": "Abonnemang 070-174 06 35",
    "ro": "Vehicul CJ 21 ȚĂR",
}
SELF_BILLING = {
    "PL": LawText(Wording.SELF_BILLING, "samofakturowanie"),
    "SE": LawText(Wording.SELF_BILLING, "Självfakturering"),
    "RO": LawText(Wording.SELF_BILLING, "autofactură"),
}
REVERSE_CHARGE = {
    "PL": LawText(Wording.REVERSE_CHARGE, "odwrotne obciążenie"),
    "SE": LawText(Wording.REVERSE_CHARGE, "Omvänd betalningsskyldighet"),
    "RO": LawText(Wording.REVERSE_CHARGE, "taxare inversă"),
}
BY_LAW = {
    "pl": (LawText(Wording.SPLIT_PAYMENT, "mechanizm podzielonej płatności"),),
    "sv": (LawText(Wording.F_TAX, "Godkänd för F-skatt"),),
}
