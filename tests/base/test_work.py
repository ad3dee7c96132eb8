"""The yardstick for work: what is small passes, what is large does not, however fast the machine is just now."""

import work


class TestSecondsOfWork:
    def test_of_a_little_is_little(self) -> None:
        assert work.seconds_of_work(work.yardstick, enough=0.5) < 0.5

    def test_of_much_is_much(self) -> None:
        """The planted fault: twelve pieces of work are more than half a second on any machine."""
        assert work.seconds_of_work(lambda: [work.yardstick() for _ in range(12)], enough=0.5) > 0.5
