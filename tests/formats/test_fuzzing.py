"""The fuzz targets over a corpus of samples and damaged samples; in soak with atheris, for minutes each."""

import importlib.util
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import fuzzing
from bank_samples import BGMAX, CAMT
from einvoice_samples import CII, FA3, UBL
from shared_folder import needs_shared
from soak import IS_SOAK
from text_samples import AUTOGIRO, JPK, LB, MT940, RATES, SIE

CORPORA = {
    "any": [*MT940[::6], *BGMAX[::3], *CAMT[::8], *AUTOGIRO[::8]],
    "csv": [*MT940[::12], *RATES[1:2]],
    "camt": CAMT[::4],
    "bgmax": BGMAX,
    "mt940": MT940[::3],
    "autogiro": AUTOGIRO[::3],
    "lb": LB,
    "pain.002": CAMT[::8],
    "sie": [path for path in SIE if path.stat().st_size < 20_000],
    "jpk": JPK[::5],
    "rates": [path for path in RATES if path.suffix in (".csv", ".json")],
    "ubl": UBL[::9],
    "cii": CII[::6],
    "fa3": FA3[::4],
}
SECONDS = 300
MEGABYTES = 256


def _damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(changed) + 1)
        way = chance.randrange(4)
        if way == 0:
            changed[at : at + chance.randint(0, 40)] = b""
        elif way == 1:
            changed[at:at] = chance.randbytes(chance.randint(1, 8))
        elif way == 2:
            changed[at : at + 1] = chance.choice([b"\0", b"\n", b'"', b"<", b":", b"\xff", b"9", b"{"])
        else:
            changed[at:at] = changed[at : at + chance.randint(0, 200)]
    return bytes(changed)


@needs_shared
class TestATarget:
    def test_there_is_one_for_each_reader(self) -> None:
        assert set(CORPORA) == set(fuzzing.TARGETS)

    @pytest.mark.parametrize("name", fuzzing.TARGETS)
    def test_takes_its_samples_whole_and_damaged(self, name: str) -> None:
        chance = random.Random(name)
        for path in CORPORA[name]:
            data = path.read_bytes()[:30_000]
            fuzzing.TARGETS[name](data)
            for _ in range(4):
                fuzzing.TARGETS[name](_damaged(data, chance))

    def test_would_tell_of_a_reader_that_raises(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kvit.formats.bank.mt940.entry._dates", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            self.test_takes_its_samples_whole_and_damaged("mt940")

    @pytest.mark.soak
    @pytest.mark.skipif(not IS_SOAK, reason="a long form, run by `make soak`")
    @pytest.mark.timeout(SECONDS + 300)
    @pytest.mark.parametrize("name", fuzzing.TARGETS)
    def test_stands_minutes_of_atheris(self, name: str, tmp_path: Path) -> None:
        assert importlib.util.find_spec("atheris"), "`make soak` installs atheris"
        for number, path in enumerate(CORPORA[name]):
            (tmp_path / str(number)).write_bytes(path.read_bytes()[:30_000])
        limits = [f"-max_total_time={SECONDS}", f"-rss_limit_mb={MEGABYTES * 4}", "-timeout=10", "-max_len=30000"]
        done = subprocess.run(
            [sys.executable, fuzzing.__file__, name, *limits, str(tmp_path)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert done.returncode == 0, done.stderr[-3000:]
