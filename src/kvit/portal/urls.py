"""Routes of the portal and the live invoice."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
