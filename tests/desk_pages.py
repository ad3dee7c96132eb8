"""A page of the desk as a reader sees it."""

import re

from django.test import Client


def page_of(client: Client, address: str, **headers: str) -> str:
    """The page with ordinary blanks and without the tags inside of amounts."""
    text = client.get(address, headers=headers or None).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    return re.sub(r'<span class="(money|cents|currency)">|</span>', "", text)
