"""The yardstick for work: what is small passes, what is large does not, however fast the machine is just now."""

import effort


def run_away() -> None:
    """Twelve pieces of work on a slow machine, a whole second of them on a quick one."""
    spent, pieces = 0.0, 0
    while pieces < 12 or spent < 1:
        spent += effort.yardstick()
        pieces += 1


class TestSecondsOfWork:
    def test_of_a_little_is_little(self) -> None:
        assert effort.seconds_of_work(effort.yardstick, enough=0.5) < 0.5

    def test_of_much_is_much(self) -> None:
        """The planted fault."""
        assert effort.seconds_of_work(run_away, enough=0.5) > 0.5
