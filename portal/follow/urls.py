from django.urls import path

from .calendars import Calendar, Event
from .codes import Code
from .feeds import Feed

urlpatterns = [
    path("feed.atom", Feed.as_view(), name="feed"),
    path("ceremonies/calendar.ics", Calendar.as_view(), name="calendar"),
    path("ceremonies/<slug:city>/<slug:slug>/event.ics", Event.as_view(), name="calendar-event"),
    path("qr/<slug:kind>/<slug:city>/<slug:slug>.svg", Code.as_view(), name="qr"),
]
