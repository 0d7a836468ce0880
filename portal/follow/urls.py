from django.urls import path

from .calendars import Calendar, Event
from .codes import Code
from .feeds import Feed
from .views import FollowAsked, FollowDetail, FollowNew, FollowStop, FollowStopped

urlpatterns = [
    path("follow/", FollowNew.as_view(), name="follow-new"),
    path("follow/asked/", FollowAsked.as_view(), name="follow-asked"),
    path("follow/stopped/", FollowStopped.as_view(), name="follow-stopped"),
    path("follow/<slug:code>/", FollowDetail.as_view(), name="follow-detail"),
    path("follow/<slug:code>/stop/", FollowStop.as_view(), name="follow-stop"),
    path("feed.atom", Feed.as_view(), name="feed"),
    path("ceremonies/calendar.ics", Calendar.as_view(), name="calendar"),
    path("ceremonies/<slug:city>/<slug:slug>/event.ics", Event.as_view(), name="calendar-event"),
    path("qr/<slug:kind>/<slug:city>/<slug:slug>.svg", Code.as_view(), name="qr"),
]
