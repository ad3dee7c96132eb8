"""Every route of Kvit, surface by surface."""

from django.conf import settings
from django.urls import URLResolver, include, path


def routes(*, test_mode: bool) -> list[URLResolver]:
    """What an installation answers to; those of the demo are there in test mode only."""
    found = [
        path("", include("kvit.pages.urls")),
        path("desk/", include("kvit.desk.urls")),
        path("", include("kvit.portal.urls")),
    ]
    return [*found, path("demo/", include("kvit.world.urls"))] if test_mode else found


urlpatterns = routes(test_mode=settings.KVIT_TEST_MODE)

handler403 = "kvit.pages.views.errors.not_allowed"
handler404 = "kvit.pages.views.errors.not_found"
handler500 = "kvit.pages.views.errors.broken"
