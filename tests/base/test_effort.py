"""The yardstick for work: what is small passes, what is large does not, however fast the machine is just now."""

import effort


def run_away() -> None:
    """So much that the machine would have to slow down fourfold just behind it to make it look like little."""
    spent, pieces = 0.0, 0
    while pieces < 36 or spent < 2:
        spent += effort.yardstick()
        pieces += 1


class TestSecondsOfWork:
    def test_of_a_little_is_little(self) -> None:
        assert effort.seconds_of_work(effort.yardstick, enough=0.5) < 0.5

    def test_of_much_is_much(self) -> None:
        """The planted fault."""
        assert effort.seconds_of_work(run_away, enough=0.5) > 0.5
