"""The elements of FA(3) in the order of its schema, and the codes that writer and reader share."""

from typing import Final

from kvit.formats.einvoice.codelists.listing import codes
from kvit.formats.einvoice.model import FaKind, Kind, MeansOfPayment

NAMESPACE: Final = "http://crd.gov.pl/wzor/2025/06/25/13775/"
FA2_NAMESPACE: Final = "http://crd.gov.pl/wzor/2023/06/29/12648/"
"""The version before, in force until January 2026: read, never written."""
ETD: Final = "http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/"

_ORDERS: Final = {
    "Faktura": "Naglowek Podmiot1 Podmiot2 Podmiot3 PodmiotUpowazniony Fa Stopka Zalacznik",
    "Naglowek": "KodFormularza WariantFormularza DataWytworzeniaFa SystemInfo",
    "Podmiot1": "PrefiksPodatnika NrEORI DaneIdentyfikacyjne Adres AdresKoresp DaneKontaktowe StatusInfoPodatnika",
    "Podmiot2": "NrEORI DaneIdentyfikacyjne Adres AdresKoresp DaneKontaktowe NrKlienta IDNabywcy JST GV",
    "DaneIdentyfikacyjne": "NIP IDWew KodUE NrVatUE KodKraju NrID BrakID Nazwa",
    "Adres": "KodKraju AdresL1 AdresL2 GLN",
    "DaneKontaktowe": "Email Telefon",
    "Fa": """
        KodWaluty P_1 P_1M P_2 WZ P_6 OkresFa P_13_1 P_14_1 P_14_1W P_13_2 P_14_2 P_14_2W P_13_3 P_14_3 P_14_3W P_13_4
        P_14_4 P_14_4W P_13_5 P_14_5 P_13_6_1 P_13_6_2 P_13_6_3 P_13_7 P_13_8 P_13_9 P_13_10 P_13_11 P_15 KursWalutyZ
        Adnotacje RodzajFaktury PrzyczynaKorekty TypKorekty DaneFaKorygowanej OkresFaKorygowanej NrFaKorygowany
        Podmiot1K Podmiot2K P_15ZK KursWalutyZK ZaliczkaCzesciowa FP TP DodatkowyOpis FakturaZaliczkowa ZwrotAkcyzy
        FaWiersz Rozliczenie Platnosc WarunkiTransakcji Zamowienie
    """,
    "Adnotacje": "P_16 P_17 P_18 P_18A Zwolnienie NoweSrodkiTransportu P_23 PMarzy",
    "Zwolnienie": "P_19 P_19A P_19B P_19C P_19N",
    "FaWiersz": """
        NrWierszaFa UU_ID P_6A P_7 Indeks GTIN PKWiU CN PKOB P_8A P_8B P_9A P_9B P_10 P_11 P_11A P_11Vat P_12 P_12_XII
        P_12_Zal_15 KwotaAkcyzy GTU Procedura KursWaluty StanPrzed
    """,
    "Platnosc": """
        Zaplacono DataZaplaty ZnacznikZaplatyCzesciowej ZaplataCzesciowa TerminPlatnosci FormaPlatnosci PlatnoscInna
        OpisPlatnosci RachunekBankowy RachunekBankowyFaktora Skonto LinkDoPlatnosci IPKSeF
    """,
    "RachunekBankowy": "NrRB SWIFT RachunekWlasnyBanku NazwaBanku OpisRachunku",
    "Rozliczenie": "Obciazenia SumaObciazen Odliczenia SumaOdliczen DoZaplaty DoRozliczenia",
    "WarunkiTransakcji": """
        Umowy Zamowienia NrPartiiTowaru WarunkiDostawy KursUmowny WalutaUmowna Transport PodmiotPosredniczacy
    """,
    "Zamowienie": "WartoscZamowienia ZamowienieWiersz",
    "ZamowienieWiersz": """
        NrWierszaZam UU_IDZ P_7Z IndeksZ GTINZ PKWiUZ CNZ PKOBZ P_8AZ P_8BZ P_9AZ P_11NettoZ P_11VatZ P_12Z P_12Z_XII
        P_12Z_Zal_15 GTUZ ProceduraZ KwotaAkcyzyZ StanPrzedZ
    """,
    "Stopka": "Informacje Rejestry",
}
ORDER: Final = {name: {child: n for n, child in enumerate(told.split())} for name, told in _ORDERS.items()}
"""Of each element that has children of many kinds: where each of them stands."""

CORRECTIONS: Final = frozenset({FaKind.CORRECTION, FaKind.ADVANCE_CORRECTION, FaKind.FINAL_CORRECTION})
KINDS: Final = {
    FaKind.ORDINARY: Kind.INVOICE,
    FaKind.SIMPLIFIED: Kind.INVOICE,
    FaKind.FINAL: Kind.INVOICE,
    FaKind.ADVANCE: Kind.ADVANCE,
    FaKind.CORRECTION: Kind.CORRECTION,
    FaKind.ADVANCE_CORRECTION: Kind.CORRECTION,
    FaKind.FINAL_CORRECTION: Kind.CORRECTION,
}
"""What an FA of a kind is by UNTDID 1001."""
SELF_BILLED_CORRECTION: Final = "471"

FORMS: Final = {
    "1": MeansOfPayment.CASH,
    "2": MeansOfPayment.CARD,
    "4": MeansOfPayment.CHEQUE,
    "6": MeansOfPayment.CREDIT_TRANSFER,
    "7": MeansOfPayment.ONLINE,
}
"""FormaPlatnosci; 3 (voucher) and 5 (credit) have no code in UNTDID 4461."""
OTHER_FORM: Final = MeansOfPayment.AS_AGREED

UNITS: Final = {
    "C62": "szt.",
    "HUR": "godz.",
    "DAY": "dzień",
    "MON": "mies.",
    "KGM": "kg",
    "TNE": "t",
    "LTR": "l",
    "MTR": "m",
    "MTK": "m2",
    "MTQ": "m3",
    "KMT": "km",
    "KWH": "kWh",
    "SET": "kpl.",
    "XPK": "opak.",
}
"""Units as Polish invoices write them. What is not here stands as it is."""
TERMS: Final = "Warunki płatności"
TITLE: Final = "Tytuł przelewu"
PAID: Final = "Zapłacono wcześniej"
ROUNDED: Final = "Zaokrąglenie"
EU: Final = codes("AT BE BG CY CZ DK EE FI FR DE EL HR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE XI")
"""Prefixes of VAT numbers in the European Union (TKodyKrajowUE)."""
