"""Each thing that code may not do turns red on a planted fault, and its harmless twin does not."""

from pathlib import Path

import pytest

from architecture import purity
from architecture.planted import plant


def one(tmp_path: Path, text: str, path: str = "src/kvit/ledger/domain/a.py") -> Path:
    return plant(tmp_path, {path: text})


class TestAFloat:
    @pytest.mark.parametrize(
        "text",
        [
            "x = 1.5",
            "x = float('1')",
            "x: float",
            "def f(a: list[float]): ...",
            "def f() -> 'float | None': ...",
            "x = 1e3",
        ],
    )
    def test_is_found(self, text: str, tmp_path: Path) -> None:
        assert len(purity.floats(one(tmp_path, text))) == 1

    @pytest.mark.parametrize("text", ["x = 15", "x = Decimal('1.5')", "x = 'no float here'", "def f(a: 'int'): ..."])
    def test_is_not_seen_in(self, text: str, tmp_path: Path) -> None:
        assert purity.floats(one(tmp_path, text)) == []


class TestTimeInTests:
    @pytest.mark.parametrize(
        "text",
        [
            "import time\ndef test_a():\n    since = time.monotonic()",
            "from time import perf_counter as now\nassert now() < 2",
            "import time as t\nx = t.perf_counter_ns()",
            "import time\nstopwatch = time.time",
        ],
    )
    def test_is_found(self, text: str, tmp_path: Path) -> None:
        assert len(purity.timed_tests(one(tmp_path, text, "tests/a/test_a.py"))) == 1

    @pytest.mark.parametrize("text", ["import time\ntime.sleep(1)", "import time\nx = time.process_time()"])
    def test_is_not_seen_in(self, text: str, tmp_path: Path) -> None:
        assert purity.timed_tests(one(tmp_path, text, "tests/a/test_a.py")) == []


class TestTheClock:
    @pytest.mark.parametrize(
        "text",
        [
            "from datetime import datetime\nx = datetime.now()",
            "from datetime import datetime, UTC\nx = datetime.now(UTC)",
            "import datetime as d\nx = d.datetime.utcnow()",
            "from datetime import date\nx = date.today()",
            "def f():\n    from datetime import date as day\n    return day.today()",
            "import time\nx = time.time()",
            "from time import monotonic\nx = monotonic()",
            "from django.utils import timezone\nx = timezone.now",
            "from django.utils.timezone import now\nx = now()",
            "from django.db.models.functions import Now\nx = Now()",
            "at = models.DateTimeField(auto_now_add=True)",
            "q = 'SELECT now()'",
            "q = f'INSERT INTO {table} VALUES (CURRENT_TIMESTAMP)'",
            "q = 'WHERE due_date < current_date'",
            "q = 'SELECT clock_timestamp()'",
        ],
    )
    def test_is_read(self, text: str, tmp_path: Path) -> None:
        assert len(purity.clock_readers(one(tmp_path, text, "src/kvit/ledger/commands.py"))) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "def f(ctx): return ctx.now",
            "from datetime import datetime\nx = datetime(2026, 3, 2)",
            '"""Nobody calls now() or current_date here."""',
            "import time\ntime.sleep(1)",
            "x = clock.current().now()",
            "q = 'SELECT e.now() FROM known()'",
        ],
    )
    def test_is_not_read(self, text: str, tmp_path: Path) -> None:
        assert purity.clock_readers(one(tmp_path, text, "src/kvit/ledger/commands.py")) == []


class TestADayOfUtc:
    @pytest.mark.parametrize(
        "text", ["x = ctx.now.date()", "x = clock.now().date()", "x = at.date()", "x = a.made_at.date()"]
    )
    def test_is_found(self, text: str, tmp_path: Path) -> None:
        assert len(purity.days_of_utc(one(tmp_path, text))) == 1

    @pytest.mark.parametrize("text", ["x = at.astimezone(zone).date()", "x = typed.date()", "x = a.made_date()"])
    def test_is_not_seen_in(self, text: str, tmp_path: Path) -> None:
        assert purity.days_of_utc(one(tmp_path, text)) == []


class TestChance:
    @pytest.mark.parametrize(
        "text",
        [
            "import uuid\nx = uuid.uuid4()",
            "import random\nx = random.random()",
            "from os import urandom\nx = urandom(8)",
        ],
    )
    def test_has_no_place_in_pure_code(self, text: str, tmp_path: Path) -> None:
        for path in ("src/kvit/kernel/a.py", "src/kvit/formats/a.py", "src/kvit/ledger/events.py"):
            one(tmp_path, text, path)
        assert {f.path for f in purity.chance_takers(tmp_path)} == {
            "src/kvit/kernel/a.py",
            "src/kvit/formats/a.py",
            "src/kvit/ledger/events.py",
        }

    def test_may_be_drawn_elsewhere(self, tmp_path: Path) -> None:
        assert purity.chance_takers(one(tmp_path, "import uuid\nx = uuid.uuid4()", "src/kvit/ledger/commands.py")) == []


class TestAnAssert:
    def test_is_found(self, tmp_path: Path) -> None:
        assert len(purity.asserts(one(tmp_path, "def f(x):\n    assert x > 0\n"))) == 1


class TestAnError:
    @pytest.mark.parametrize(
        "text",
        [
            "try:\n    f()\nexcept Exception:\n    pass",
            "try:\n    f()\nexcept:\n    ...",
            "def g():\n    try:\n        f()\n    except (ValueError, BaseException):\n        return None",
            "for x in y:\n    try:\n        f()\n    except Exception as e:\n        continue",
            "from contextlib import suppress\nwith suppress(Exception):\n    f()",
        ],
    )
    def test_vanishes(self, text: str, tmp_path: Path) -> None:
        assert len(purity.swallowed_errors(one(tmp_path, text))) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "try:\n    f()\nexcept ValueError:\n    pass",
            "try:\n    f()\nexcept Exception:\n    undo()\n    raise",
            "import contextlib\nwith contextlib.suppress(FileNotFoundError):\n    f()",
        ],
    )
    def test_does_not_vanish(self, text: str, tmp_path: Path) -> None:
        assert purity.swallowed_errors(one(tmp_path, text)) == []
