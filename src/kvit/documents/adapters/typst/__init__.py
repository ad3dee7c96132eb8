"""Draws documents by Typst."""

from kvit.documents.adapters.typst.renderer import TypstRenderer

__all__ = ["TypstRenderer"]
