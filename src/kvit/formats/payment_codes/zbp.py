"""The Polish 2D code of a transfer in zloty (Związek Banków Polskich, "Rekomendacja: standard 2D", 3 December 2013)."""

import re
from typing import Final

from kvit.formats.payment_codes.refusals import DoesNotFit
from kvit.kernel.identifiers import pl_nip, pl_nrb

_LONGEST_NAME: Final = 20
_LONGEST_TITLE: Final = 32
_HIGHEST_MINOR: Final = 999_999
# Letters with Polish marks, digits, and the signs that bank apps take; the bar parts the fields.
_STRANGE: Final = re.compile(r"[^A-Za-z0-9ĄĆĘŁŃÓŚŹŻąćęłńóśźż ,./\-@#&*_]")


def text(*, name: str, account: str, amount_minor: int, title: str, nip: str = "") -> str:
    """`NIP|PL|NRB|grosze|name|title|||`: the account as NRB or Polish IBAN, the NIP where the payee has one.

    The field of the amount has six digits: above 9 999.99 zł it is refused. Refuses `DoesNotFit`, `InvalidIdentifier`.
    """
    if not 0 < amount_minor <= _HIGHEST_MINOR:
        raise DoesNotFit("a Polish 2D code takes 0.01 to 9 999.99 zł")
    payee = _plain(name, _LONGEST_NAME)
    if not payee:
        raise DoesNotFit("a Polish 2D code names the payee")
    number = pl_nip.validate(nip) if nip else ""
    return "|".join(
        (
            number,
            "PL",
            pl_nrb.validate(account),
            f"{amount_minor:06d}",
            payee,
            _plain(title, _LONGEST_TITLE),
            "",
            "",
            "",
        )
    )


def _plain(value: str, longest: int) -> str:
    return " ".join(_STRANGE.sub(" ", value).split())[:longest].strip()
