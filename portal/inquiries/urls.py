from django.urls import path

from .desk import InquiryAnswered, InquiryDetail, InquiryList
from .views import InquiryDone, InquiryNew

urlpatterns = [
    path("inquiry/", InquiryNew.as_view(), name="inquiry-new"),
    path("inquiry/<slug:code>/", InquiryDone.as_view(), name="inquiry-done"),
    path("staff/inquiries/", InquiryList.as_view(), name="staff-inquiry-list"),
    path("staff/inquiries/<slug:number>/", InquiryDetail.as_view(), name="staff-inquiry-detail"),
    path("staff/inquiries/<slug:number>/answered/", InquiryAnswered.as_view(), name="staff-inquiry-answered"),
]
