"""What kind of account a number names."""

import pytest

from kvit.banking.domain import AccountKind, account_kind


class TestANumber:
    @pytest.mark.parametrize(
        ("written", "kind"),
        [
            ("991-2346", AccountKind.BANKGIRO),
            ("5805-6201", AccountKind.BANKGIRO),
            ("9912346", AccountKind.BANKGIRO),
            ("28 65 43-4", AccountKind.PLUSGIRO),
            ("286543-4", AccountKind.PLUSGIRO),
            ("SE45 5000 0000 0583 9825 7466", AccountKind.IBAN),
            ("61 1090 1014 0000 0712 1981 2874", AccountKind.IBAN),
            ("5000 1234567", AccountKind.NATIONAL),
            ("991-2347", AccountKind.NATIONAL),
        ],
    )
    def test_tells_its_kind_as_people_write_it(self, written: str, kind: AccountKind) -> None:
        assert account_kind(written) is kind
