"""Every route of Kvit, surface by surface."""

from django.urls import include, path

urlpatterns = [
    path("", include("kvit.pages.urls")),
    path("desk/", include("kvit.desk.urls")),
    path("", include("kvit.portal.urls")),
]

handler403 = "kvit.pages.views.errors.not_allowed"
handler404 = "kvit.pages.views.errors.not_found"
handler500 = "kvit.pages.views.errors.broken"
