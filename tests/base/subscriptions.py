"""Subscriptions that a test makes are gone after it."""

import pytest

from kvit.base import event, job


@pytest.fixture
def own_subscriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registries of events and handlers, empty for one test."""
    monkeypatch.setattr(event, "_types", {})
    monkeypatch.setattr(event, "_subscribers", {})
    monkeypatch.setattr(job, "_handlers", {})
