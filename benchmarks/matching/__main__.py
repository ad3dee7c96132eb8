"""`python -m benchmarks.matching`: write a workload to files, or rebuild the prior that ships with the engine."""

import argparse
import sys
from pathlib import Path

from benchmarks.matching.options import ERRORS, PROFILES, Options
from benchmarks.matching.words import WORDS
from benchmarks.matching.workload import generate


def main(words: list[str]) -> int:
    """Parse, and do what was asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _add_generate(commands.add_parser("generate", help="write the tables of a workload, with the truth"))
    train = commands.add_parser("train", help="rebuild the shipped prior from generated payments, seeds from 100 on")
    train.add_argument("--out", type=Path, help="where to; over the shipped one if not given")
    train.set_defaults(do=_train)
    asked = parser.parse_args(words)
    code: int = asked.do(asked)
    return code


def _add_generate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="the folder")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--payments", type=int, default=0, help="a fifth of the items if not given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", choices=PROFILES, default="mixed")
    parser.add_argument("--spread", action="store_true", help="references spread over 10**11 numbers")
    parser.add_argument("--permuted", action="store_true", help="ids without any order")
    parser.add_argument("--errors", choices=ERRORS, default="usual")
    parser.add_argument("--words", choices=WORDS, default="usual")
    parser.add_argument("--csv", action="store_true", help="CSV instead of Parquet")
    parser.set_defaults(do=_generate)


def _generate(asked: argparse.Namespace) -> int:
    options = Options(
        items=asked.items,
        payments=asked.payments,
        seed=asked.seed,
        profile=asked.profile,
        dense=not asked.spread,
        permuted=asked.permuted,
        errors=ERRORS[asked.errors],
        words=WORDS[asked.words],
    )
    generate(options).save(asked.out, csv=asked.csv)
    return 0


def _train(asked: argparse.Namespace) -> int:
    from benchmarks.matching import training

    return training.main(asked.out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
