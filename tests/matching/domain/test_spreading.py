"""How a payment and credit notes settle a set."""

from hypothesis import given
from hypothesis import strategies as st

from kvit.matching.domain.spreading import spread


class TestASet:
    def test_without_credit_notes_is_settled_by_the_payment(self) -> None:
        assert spread([(1, 100), (2, 50)]).settles == ((1, 100), (2, 50))
        assert spread([(1, 100)]).nets == ()

    def test_is_netted_first_where_a_credit_note_is_among_it(self) -> None:
        found = spread([(1, 100), (9, -30), (2, 50)])
        assert (found.settles, found.nets) == (((1, 70), (2, 50)), ((1, 9, 30),))

    def test_lets_a_large_credit_note_go_over_several_debts(self) -> None:
        found = spread([(1, 100), (2, 50), (9, -130)])
        assert (found.settles, found.nets) == (((2, 20),), ((1, 9, 100), (2, 9, 30)))

    @given(st.lists(st.integers(-500, 500).filter(bool), min_size=1, max_size=12))
    def test_settles_each_item_no_further_than_it_goes(self, amounts: list[int]) -> None:
        items = list(enumerate(amounts))
        found = spread(items)
        used = dict.fromkeys(range(len(amounts)), 0)
        for item, amount in found.settles:
            used[item] += amount
        for debit, credit, amount in found.nets:
            assert amount > 0
            used[debit] += amount
            used[credit] -= amount
        assert all(abs(used[item]) <= abs(amount) and used[item] * amount >= 0 for item, amount in items)
        paid = sum(amount for _, amount in found.settles)
        assert paid == max(0, sum(amounts))
        assert all(used[item] == amount for item, amount in items if amount > 0)
