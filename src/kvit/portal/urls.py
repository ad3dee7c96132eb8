"""Routes of the portal and the live invoice."""

from django.urls import path

from kvit.portal import home

urlpatterns = [path("portal/", home.home, name="portal")]
