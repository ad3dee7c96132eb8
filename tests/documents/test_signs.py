"""Pictures in a text that the typeface has not."""

from dataclasses import replace

import pytest

import document_samples as samples
from documents import reading
from kvit.documents.adapters.typst import TypstRenderer, signs
from kvit.documents.domain.ports import Attached
from kvit.documents.domain.refusals import NotRenderable
from kvit.documents.domain.sheet import Line, Section, Sheet

RENDERER = TypstRenderer()
XML = '<?xml version="1.0" encoding="UTF-8"?><Invoice>Coffee ☕</Invoice>'.encode()


class TestASignThatTheFaceHasNot:
    def said(self, text: str) -> Sheet:
        base = samples.invoice("en")
        return replace(base, sections=(Section((Line(text, base.totals[0].amount_minor),)),))

    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("Coffee ☕ to go", "Coffee • to go"),
            ("☎ 08-123 45 67", "• 08-123 45 67"),
            ("Thanks 👩\u200d👩\u200d👧 🎉🎉!", "Thanks •!"),
            ("Thumb 👍🏽 up ❤\ufe0f", "Thumb • up •"),
            ("20 ℃, part Ⅳ, ＡＢ", "20 °C, part IV, AB"),
            ("✓ 3 ≤ 5 → № 7", "✓ 3 ≤ 5 → № 7"),
        ],
    )
    def test_becomes_a_bullet_or_what_is_compatible(self, text: str, stands: str) -> None:
        attached = Attached(XML)
        pdf = RENDERER.pdf(self.said(text), attached=attached)
        assert reading.dense(stands) in reading.dense(reading.text(pdf))
        assert reading.attachments(pdf) == {"factur-x.xml": XML}
        assert pdf == RENDERER.pdf(self.said(text), attached=attached)
        assert RENDERER.picture(self.said(text)) == RENDERER.picture(self.said(stands))

    @pytest.mark.parametrize("text", ["日本語", "שלום", "₻ 100", "٣ units", "مرحبا ☕"])
    def test_is_never_left_out_where_it_says_something(self, text: str) -> None:
        with pytest.raises(NotRenderable, match="cannot be drawn"):
            RENDERER.pdf(self.said(text))

    def test_would_keep_the_document_from_being_drawn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: nothing is replaced."""
        monkeypatch.setattr(signs, "replaced", lambda face: face)
        with pytest.raises(NotRenderable):
            RENDERER.pdf(self.said("Coffee ☕ to go"))
