"""Codes that a camera reads, as vector pictures."""

from functools import lru_cache

from kvit.formats import qr


@lru_cache(256)
def svg(content: str) -> str:
    """A QR code as SVG, a module a unit, without the quiet zone: the template leaves more than it asks for."""
    code = qr.code(content)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.size} {code.size}">'
        f'<path fill="#000" fill-rule="evenodd" d="{code.path}"/></svg>'
    )
