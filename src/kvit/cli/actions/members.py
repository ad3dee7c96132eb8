"""`kvit member`: let people in."""

from django.conf import settings

from kvit.base import login
from kvit.cli.actions import show
from kvit.cli.boot import Edge


def add(edge: Edge, email: str, *, name: str, role: str) -> None:
    """Give a person a role and print the link by which they choose a password."""
    from kvit.pages import sign_in

    added = login.add_member(edge.ctx(), email=email, full_name=name, role=login.Role(role))
    address = settings.KVIT_URL or "http://localhost:8000"
    show.say(f"{email} works here as {role}. Once, within a week, this link lets them choose a password:")
    print(f"{address}{sign_in.invitation(added.user_id)}")
