"""Which code page a text is in, guessed from its letters."""

import pytest

from kvit.formats import encoding

POLISH = "Zażółć gęślą jaźń. ŁÓDŹ, Kraków; opłata za przelew, Świnoujście"
SWEDISH = "Åkeri Öst i Umeå, Storåker: Räksmörgås, företag"
ROMANIAN = "Şoseaua Mihai Viteazu, plată în România, bună ziua"


class TestAGuess:
    @pytest.mark.parametrize("page", ["utf-8", "cp1250", "cp852", "iso8859-2"])
    def test_of_polish_is_the_page_it_was_written_in(self, page: str) -> None:
        data = POLISH.encode(page)
        assert data.decode(encoding.guess(data)) == POLISH

    @pytest.mark.parametrize("page", ["cp1252", "utf-8", "cp850"])
    def test_of_swedish_tells_the_pages_apart(self, page: str) -> None:
        data = SWEDISH.encode(page)
        assert data.decode(encoding.guess(data, ("cp1252", "cp850"))) == SWEDISH

    @pytest.mark.parametrize("page", ["cp437", "cp1252", "utf-8"])
    def test_of_a_sie_file_tells_its_pages_apart(self, page: str) -> None:
        data = SWEDISH.encode(page)
        assert data.decode(encoding.guess(data, encoding.NORDIC)) == SWEDISH

    @pytest.mark.parametrize("page", ["cp1250", "iso8859-2", "cp852"])
    def test_of_romanian_is_readable(self, page: str) -> None:
        data = ROMANIAN.encode(page)
        assert data.decode(encoding.guess(data)) == ROMANIAN

    def test_of_utf8_with_one_byte_garbled_is_still_utf8(self) -> None:
        data = (POLISH * 10).encode()
        assert encoding.guess(data[:5] + b"\xff" + data[5:]) == "utf-8"

    @pytest.mark.parametrize("data", [b"", b"plain", b"\xef\xbb\xbfplain"])
    def test_of_ascii_is_utf8(self, data: bytes) -> None:
        assert encoding.guess(data).startswith("utf-8")
