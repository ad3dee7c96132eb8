"""Whole columns out of the database: numbers as arrays, texts as they were, however strange."""

import pytest

from kvit.base import columns, tenant
from kvit.base.command import Ctx

STRANGE = ["", "plain", "a\tb", "a\nb", "back\\slash", "\\N", "\\.", 'quoted "x", y', "Łódź Åkeri", "\r\v\f\b"]


class TestReading:
    def test_gives_numbers_and_texts_as_they_are(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            found = columns.read(
                "SELECT n, t FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS u (t, n) ORDER BY n",
                {"texts": STRANGE},
                {"number": columns.LONG, "text": columns.TEXT},
            )
        assert found["number"].tolist() == list(range(1, len(STRANGE) + 1))
        assert found["text"] == "".join(text + "\0" for text in STRANGE).encode()

    def test_gives_empty_columns_for_no_rows(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            found = columns.read(
                "SELECT id, name FROM parties_party WHERE id < 0", (), {"id": columns.LONG, "name": columns.TEXT}
            )
        assert (found["id"].tolist(), found["name"]) == ([], b"")

    def test_tells_one_empty_text_from_none(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            assert columns.read("SELECT ''", (), {"text": columns.TEXT})["text"] == b"\0"

    def test_keeps_large_and_negative_numbers(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            found = columns.read("SELECT unnest(ARRAY[-1, 9223372036854775807, 0])", (), {"number": columns.LONG})
        assert found["number"].tolist() == [-1, 2**63 - 1, 0]

    def test_refuses_a_null(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id), pytest.raises(ValueError, match="column text has 1 values in 2 rows"):
            columns.read("SELECT unnest(ARRAY['a', NULL])", (), {"text": columns.TEXT})

    def test_sees_no_other_company(self, anna: Ctx, cilla: Ctx) -> None:
        from receivables import open_books

        open_books(anna)
        with tenant.scope(cilla.tenant_id):
            found = columns.read("SELECT id FROM parties_party", (), {"id": columns.LONG})
        assert found["id"].tolist() == []
