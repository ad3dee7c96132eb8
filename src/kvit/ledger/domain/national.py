"""What our accounts are usually called in each country's chart, where the company has said nothing else.

Sweden: BAS 2026 (Intressenterna i BAS). Poland: the model chart of the commentary to the Accounting Act (zespoły 1-8).
Romania: the general chart of accounts (OMFP 1802/2014). A proposal, which the accountant changes in the settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kvit.ledger.domain.chart import Accounts

BANK: Final = "bank"


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """An account of a company's chart."""

    number: str
    name: str


_SE: Final = {
    Accounts.RECEIVABLE: ChartAccount("1510", "Kundfordringar"),
    Accounts.PAYABLE: ChartAccount("2440", "Leverantörsskulder"),
    Accounts.UNALLOCATED: ChartAccount("2999", "OBS-konto"),
    Accounts.SALES: ChartAccount("3001", "Försäljning inom Sverige"),
    Accounts.OUTPUT_VAT: ChartAccount("2610", "Utgående moms"),
    Accounts.PURCHASES: ChartAccount("4000", "Inköp av varor och tjänster"),
    Accounts.INPUT_VAT: ChartAccount("2640", "Ingående moms"),
    Accounts.WRITE_OFF: ChartAccount("6351", "Konstaterade förluster på kundfordringar"),
    Accounts.ROUNDING: ChartAccount("3740", "Öres- och kronutjämning"),
    Accounts.ADVANCES: ChartAccount("2420", "Förskott från kunder"),
    Accounts.FEES: ChartAccount("3540", "Faktureringsavgifter"),
    BANK: ChartAccount("1930", "Företagskonto"),
}
_PL: Final = {
    Accounts.RECEIVABLE: ChartAccount("201", "Rozrachunki z odbiorcami"),
    Accounts.PAYABLE: ChartAccount("202", "Rozrachunki z dostawcami"),
    Accounts.UNALLOCATED: ChartAccount("149", "Środki pieniężne w drodze"),
    Accounts.SALES: ChartAccount("701", "Przychody ze sprzedaży"),
    Accounts.OUTPUT_VAT: ChartAccount("221", "VAT należny"),
    Accounts.PURCHASES: ChartAccount("402", "Usługi obce"),
    Accounts.INPUT_VAT: ChartAccount("222", "VAT naliczony"),
    Accounts.WRITE_OFF: ChartAccount("761", "Pozostałe koszty operacyjne"),
    Accounts.ROUNDING: ChartAccount("762", "Różnice z zaokrągleń"),
    Accounts.ADVANCES: ChartAccount("845", "Rozliczenia międzyokresowe przychodów"),
    Accounts.FEES: ChartAccount("750", "Przychody finansowe"),
    BANK: ChartAccount("130", "Rachunek bieżący"),
}
_RO: Final = {
    Accounts.RECEIVABLE: ChartAccount("4111", "Clienți"),
    Accounts.PAYABLE: ChartAccount("401", "Furnizori"),
    Accounts.UNALLOCATED: ChartAccount("473", "Decontări din operațiuni în curs de clarificare"),
    Accounts.SALES: ChartAccount("704", "Venituri din servicii prestate"),
    Accounts.OUTPUT_VAT: ChartAccount("4427", "TVA colectată"),
    Accounts.PURCHASES: ChartAccount("628", "Alte cheltuieli cu serviciile executate de terți"),
    Accounts.INPUT_VAT: ChartAccount("4426", "TVA deductibilă"),
    Accounts.WRITE_OFF: ChartAccount("654", "Pierderi din creanțe și debitori diverși"),
    Accounts.ROUNDING: ChartAccount("7588", "Alte venituri din exploatare"),
    Accounts.ADVANCES: ChartAccount("419", "Clienți - creditori"),
    Accounts.FEES: ChartAccount("7581", "Venituri din despăgubiri, amenzi și penalități"),
    BANK: ChartAccount("5121", "Conturi la bănci în lei"),
}
_CHARTS: Final[Mapping[str, Mapping[str, ChartAccount]]] = {"SE": _SE, "PL": _PL, "RO": _RO}


def usual(country: str, code: str) -> ChartAccount | None:
    """What an account of ours is called in a country by default; None where nothing is usual."""
    return _CHARTS.get(country, {}).get(BANK if code.startswith(f"{BANK}:") else code)
