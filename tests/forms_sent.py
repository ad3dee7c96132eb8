"""What a browser sends of a form on a page, unchanged."""

from html.parser import HTMLParser
from typing import Any

from typing_extensions import override


class _Form(HTMLParser):
    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark, self.found = mark, dict[str, str]()
        self._is_in = False
        self._select = self._area = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "form":
            self._is_in = self.mark in (given.get("class") or "").split()
        elif self._is_in and tag == "input" and given.get("name"):
            self._input(given)
        elif self._is_in and tag == "select":
            self._select = given["name"]
        elif self._is_in and tag == "option" and self._select:
            if "selected" in given or self._select not in self.found:
                self.found[self._select] = given.get("value") or ""
        elif self._is_in and tag == "textarea":
            self._area = given["name"]
            self.found[self._area] = ""

    def _input(self, given: dict[str, Any]) -> None:
        if given.get("type") == "checkbox" and "checked" not in given:
            return
        self.found[given["name"]] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    @override
    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] += data


def sent(page: str, mark: str) -> dict[str, str]:
    """The fields of the form of this class with their values; buttons and the forgery token are left out."""
    form = _Form(mark)
    form.feed(page)
    return {name: value.lstrip("\n") for name, value in form.found.items() if name != "csrfmiddlewaretoken"}
