"""An invoice as plain values, for JSON: what is empty is left out, numbers are exact texts."""

import base64
import datetime
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """Objects as dicts by the model's names without empty fields, days and decimals as texts, bytes in base 64.

    Amounts are whole minor units, as their names end in `_minor`.
    """
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        told = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: shown for name, one in told if (shown := plain(one)) not in (None, "", [], {}, False)}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value) if isinstance(value, str) else value
