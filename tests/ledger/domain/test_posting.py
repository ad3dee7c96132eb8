"""What makes a posting sound, and the chart of accounts."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.ledger.domain import CHART, Accounts, Posting, PostingLine, Unbalanced, bank_account, check

DAY = date(2026, 3, 2)
amounts = st.integers(-(10**12), 10**12).filter(bool)


def posting_of(*lines: tuple[int, str]) -> Posting:
    return Posting(DAY, "sale", "invoice", 1, tuple(PostingLine("sales", minor, currency) for minor, currency in lines))


@st.composite
def balanced(draw: st.DrawFn) -> Posting:
    """Lines in some currencies, each currency closed by one line with the opposite of the others."""
    lines: list[tuple[int, str]] = []
    for currency in draw(st.lists(st.sampled_from(["SEK", "PLN", "RON", "EUR"]), min_size=1, unique=True)):
        some = draw(st.lists(amounts, min_size=1, max_size=4))
        if sum(some):
            lines += [(minor, currency) for minor in (*some, -sum(some))]
        else:
            lines += [(minor, currency) for minor in (*some, 1, -1)]
    return posting_of(*draw(st.permutations(lines)))


class TestABalancedPosting:
    @given(st.lists(balanced(), max_size=4))
    def test_passes_whatever_the_order_of_its_lines(self, postings: list[Posting]) -> None:
        check(postings)

    @given(balanced(), st.data())
    def test_is_refused_once_a_line_is_off_by_anything(self, posting: Posting, data: st.DataObject) -> None:
        position = data.draw(st.integers(0, len(posting.lines) - 1))
        line = posting.lines[position]
        off = data.draw(amounts)
        lines = list(posting.lines)
        lines[position] = replace(line, amount_minor=line.amount_minor + off)
        with pytest.raises(Unbalanced):
            check([replace(posting, lines=tuple(lines))])

    @given(balanced(), st.data())
    def test_is_refused_once_a_line_is_in_another_currency(self, posting: Posting, data: st.DataObject) -> None:
        position = data.draw(st.integers(0, len(posting.lines) - 1))
        lines = list(posting.lines)
        lines[position] = replace(lines[position], currency="XAU")
        with pytest.raises(Unbalanced, match="XAU"):
            check([replace(posting, lines=tuple(lines))])


class TestAPosting:
    @pytest.mark.parametrize(
        ("lines", "text"),
        [
            ((), "fewer than two lines"),
            (((100, "SEK"),), "fewer than two lines"),
            (((0, "SEK"), (0, "SEK")), "a line of zero"),
            (((100, "SEK"), (-100, "SEK"), (0, "PLN")), "a line of zero"),
            (((100, "SEK"), (-99, "SEK")), "off by SEK 1 minor units"),
            (((100, "SEK"), (-100, "PLN")), "off by SEK 100, PLN -100 minor units"),
        ],
    )
    def test_is_refused_with_what_is_wrong(self, lines: tuple[tuple[int, str], ...], text: str) -> None:
        good = posting_of((5, "SEK"), (-5, "SEK"))
        with pytest.raises(Unbalanced, match=text) as refused:
            check([good, posting_of(*lines)])
        assert str(refused.value).startswith("posting 2 (sale): ")
        assert refused.value.code == "ledger.unbalanced"


class TestTheChart:
    def test_names_each_account_once(self) -> None:
        assert max(Counter(code for code, _, _ in CHART).values()) == 1

    def test_holds_every_system_code(self) -> None:
        codes = {value for name, value in vars(Accounts).items() if name.isupper()}
        assert codes == {code for code, _, _ in CHART}

    def test_keeps_open_items_of_receivables_and_payables_only(self) -> None:
        assert {code for code, _, control in CHART if control} == {Accounts.RECEIVABLE, Accounts.PAYABLE}

    def test_tells_the_accounts_of_banks_apart(self) -> None:
        assert len({bank_account(1), bank_account(11), *(code for code, _, _ in CHART)}) == len(CHART) + 2
