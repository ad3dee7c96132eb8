"""The long forms of the scorecard: what `make soak` runs and the everyday run leaves out."""

import os
from typing import Any

import pytest

IS_SOAK = os.environ.get("KVIT_SOAK") == "1"


def long_form(*values: Any) -> Any:
    """A parameter set of the long form, beside the quick one."""
    marks = [pytest.mark.soak, pytest.mark.skipif(not IS_SOAK, reason="a long form, run by `make soak`")]
    if IS_SOAK:
        marks.append(pytest.mark.timeout(3600))
    return pytest.param(*values, marks=marks, id="long")
