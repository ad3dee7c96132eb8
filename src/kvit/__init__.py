"""Kvit: from work done to money in the bank."""
