"""Pictures of every document in every language, to be looked at: `make pictures` puts them into `var/pictures`.

With names, of those documents only: `python tests/document_pictures.py invoice reminder`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

import document_samples as samples
from document_cast import LANGUAGES
from document_logo import LOGO

FOLDER = Path(__file__).parent.parent / "var" / "pictures" / "documents"
DOTS_PER_INCH = 96


def pictures(folder: Path, names: list[str]) -> Iterator[str]:
    """Draw them; a sentence about each."""
    from kvit.documents.adapters.typst import TypstRenderer

    renderer = TypstRenderer()
    for name in names or [*samples.SAMPLES, "long"]:
        for language in LANGUAGES:
            sheet = samples.invoice(language, lines=60) if name == "long" else samples.SAMPLES[name](language)
            pdf = folder / f"{name}-{language}.pdf"
            pdf.write_bytes(renderer.pdf(sheet, logo=LOGO if language == "ro" else None))
            with pypdfium2.PdfDocument(pdf) as drawn:
                for place, page in enumerate(drawn, start=1):
                    page.render(scale=DOTS_PER_INCH / 72).to_pil().save(folder / f"{pdf.stem}-{place}.png")
            yield f"{pdf.name}: {pdf.stat().st_size} bytes"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for sentence in pictures(FOLDER, sys.argv[1:]):
        print(sentence)
