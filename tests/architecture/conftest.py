"""Fixtures of these tests."""

from owner import owner

__all__ = ["owner"]
