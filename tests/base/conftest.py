"""Fixtures of these tests."""

from base.subscriptions import own_subscriptions
from owner import owner

__all__ = ["own_subscriptions", "owner"]
