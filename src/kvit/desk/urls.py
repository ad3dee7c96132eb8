"""Routes of the desk."""

from django.urls import path

from kvit.desk import home

urlpatterns = [path("", home.home, name="desk")]
