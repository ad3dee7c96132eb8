"""The flag that writes golden files anew, and hypothesis without a time limit per example."""

import pytest
from hypothesis import settings

settings.register_profile("kvit", deadline=None)
settings.load_profile("kvit")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-golden", action="store_true", help="write the golden files of tests/formats from what comes out now"
    )


@pytest.fixture
def refresh_golden(request: pytest.FixtureRequest) -> bool:
    """Whether this run writes the golden files; give it as `pytest tests/formats --refresh-golden`."""
    return bool(request.config.getoption("--refresh-golden", default=False))
