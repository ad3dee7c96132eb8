"""A logo, made up: a square, a disc and a word, as the companies of the tests have none."""

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 40"><rect width="40" height="40" rx="6" fill="#0e5a3c"/>'
    b'<circle cx="20" cy="20" r="9" fill="#fffdf9"/><path d="M54 6h34v7H75v21h-8V13H54z" fill="#1e1a15"/>'
    b'<path d="M96 14h8v3c2-3 5-4 9-3v7c-5-1-9 0-9 6v7h-8z" fill="#1e1a15"/></svg>'
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63e08bb2010001"
    "1e00a5c14ee6d60000000049454e44ae426082"
)
"""One dot, by hand."""
