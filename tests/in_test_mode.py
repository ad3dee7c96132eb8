"""The routes of an installation in test mode, for `ROOT_URLCONF`."""

from kvit.urls import handler403, handler404, handler500, routes

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = routes(test_mode=True)
