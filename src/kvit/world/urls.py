"""Routes of the demo, which `kvit.urls` takes in in test mode only."""

from django.urls import path

from kvit.world.pages import start, tools, tour, wiping

urlpatterns = [
    path("", start.demo, name="demo"),
    path("sign-in/", start.sign_in_as, name="demo_sign_in"),
    path("next-day/", tools.next_day, name="demo_next_day"),
    path("tour/", tour.begin, name="demo_tour"),
    path("tour/pay/", tour.pay, name="demo_pay"),
    path("tour/leave/", tour.leave, name="demo_leave"),
    path("wipe/", wiping.wipe, name="demo_wipe"),
]
