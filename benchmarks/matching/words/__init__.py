"""The words a workload is made of: people, firms, texts, by country; several sets, one of them never trained on."""

from benchmarks.matching.words.shape import Country, Words
from benchmarks.matching.words.southern import SOUTHERN
from benchmarks.matching.words.unseen import UNSEEN
from benchmarks.matching.words.usual import USUAL

WORDS = {"usual": USUAL, "southern": SOUTHERN, "unseen": UNSEEN}

__all__ = ["SOUTHERN", "UNSEEN", "USUAL", "WORDS", "Country", "Words"]
