"""Whole columns out of the database: numbers as arrays, texts as they were, however strange."""

import pytest

from kvit.base import columns, tenant
from kvit.base.command import Ctx

STRANGE = ["", "plain", "a\tb", "a\nb", "back\\slash", "\\N", "\\.", 'quoted "x", y', "Łódź Åkeri", "\r\v\f\b"]


class TestReading:
    @pytest.mark.parametrize("piece", [1, 3, 20_000])
    def test_gives_numbers_and_texts_as_they_are(self, anna: Ctx, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(columns, "_PIECE", piece)
        with tenant.scope(anna.tenant_id):
            found = columns.read(
                "SELECT n, t FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS u (t, n) ORDER BY n",
                {"texts": STRANGE},
                {"number": columns.LONG, "text": columns.TEXT},
            )
        assert found["number"].tolist() == list(range(1, len(STRANGE) + 1))
        assert found["text"] == STRANGE

    def test_gives_empty_columns_for_no_rows(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            found = columns.read(
                "SELECT id, name FROM parties_party WHERE id < 0", (), {"id": columns.LONG, "name": columns.TEXT}
            )
        assert (found["id"].tolist(), found["name"]) == ([], [])

    def test_sees_no_other_company(self, anna: Ctx, cilla: Ctx) -> None:
        from receivables import open_books

        open_books(anna)
        with tenant.scope(cilla.tenant_id):
            found = columns.read("SELECT id FROM parties_party", (), {"id": columns.LONG})
        assert found["id"].tolist() == []
