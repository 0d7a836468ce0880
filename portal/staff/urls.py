"""The addresses of the workspace. Each has its row in tests/test_every_url.py."""

from django.urls import path, register_converter

from portal.lib.spreadsheets import FORMATS
from portal.media.models import Document, Image
from portal.publishing.models import Version

from . import (
    doubts,
    editing,
    exporting,
    grid,
    imports,
    leader,
    library,
    ordering,
    paste,
    references,
    review,
    stages,
    trail,
    versions,
    views,
    work,
)
from .guests import Guests
from .people import urlpatterns as people_urls
from .sheets import SHEETS


class Kind:
    """A kind of publication by its word."""

    regex = "[a-z]+"

    def to_python(self, word):
        if word not in Version.kinds():
            raise ValueError(word)
        return Version.kinds()[word]

    def to_url(self, kind):
        return kind if isinstance(kind, str) else kind.kind


class What:
    """Sources or organisations."""

    regex = "|".join(references.REFERENCES)

    def to_python(self, word):
        return word

    to_url = to_python


class Sheet(What):
    """A kind of table that can be imported."""

    regex = "|".join(SHEETS)


class Form(What):
    """A format of tables."""

    regex = "|".join(FORMATS)


register_converter(Sheet, "sheet")
register_converter(Form, "form")
register_converter(Kind, "kind")
register_converter(What, "what")

urlpatterns = [
    path("", views.Start.as_view(), name="staff-start"),
    path("work/<slug:group>/", work.Work.as_view(), name="staff-work"),
    path("glance/", leader.Leader.as_view(), name="staff-leader"),
    path("glance/csv/", leader.LeaderFile.as_view(), name="staff-leader-file"),
    path("stages/", stages.StageList.as_view(), name="staff-stages"),
    path("stages/<int:pk>/", stages.StageUpdate.as_view(), name="staff-stage-update"),
    path("trail/", trail.Trail.as_view(), name="staff-trail"),
    path("versions/<int:pk>/mend/", work.Mend.as_view(), name="staff-mend"),
    path("kinds/<kind:kind>/", views.EntryList.as_view(), name="staff-list"),
    path("cities/<slug:city>/<kind:kind>/new/", editing.Begin.as_view(), name="staff-begin"),
    path("cities/<slug:city>/<what:what>/add/", references.ReferenceAdd.as_view(), name="staff-reference-add"),
    path("import/", imports.ImportStart.as_view(), name="staff-import-start"),
    path("cities/<slug:city>/import/", imports.ImportNew.as_view(), name="staff-import-new"),
    path(
        "cities/<slug:city>/import/<sheet:what>.<form:form>",
        imports.ImportTemplate.as_view(),
        name="staff-import-template",
    ),
    path(
        "cities/<slug:city>/export/<sheet:what>.<form:form>", exporting.CityExport.as_view(), name="staff-city-export"
    ),
    path("imports/<int:pk>/", imports.ImportPage.as_view(), name="staff-import"),
    path("imports/<int:pk>/confirm/", imports.ImportConfirm.as_view(), name="staff-import-confirm"),
    path("media/", library.LibraryStart.as_view(), name="staff-media-start"),
    path("cities/<slug:city>/media/", library.Library.as_view(), name="staff-media"),
    path("cities/<slug:city>/media/upload/", library.Upload.as_view(), name="staff-media-upload"),
    *(
        path(f"cities/<slug:city>/media/{word}s/<int:pk>/{end}", view.as_view(model=model), name=f"staff-media-{name}")
        for model, word in ((Image, "image"), (Document, "document"))
        for view, end, name in ((library.KeptEdit, "", word), (library.KeptDelete, "delete/", f"{word}-delete"))
    ),
    *people_urls,
    path("<what:what>/", references.ReferenceList.as_view(), name="staff-references"),
    path("<what:what>/<int:pk>/", references.ReferenceEdit.as_view(), name="staff-reference"),
    path("entries/<int:pk>/history/", views.History.as_view(), name="staff-history"),
    path("versions/<int:pk>/", versions.Overview.as_view(), name="staff-version"),
    path("versions/<int:pk>/preview/", versions.Preview.as_view(), name="staff-preview"),
    path("versions/<int:pk>/steps/<slug:step>/", versions.TakeStep.as_view(), name="staff-step"),
    path("versions/<int:pk>/review/", review.Review.as_view(), name="staff-review"),
    path("versions/<int:pk>/review/steps/<slug:step>/", review.ReviewStep.as_view(), name="staff-review-step"),
    path("versions/<int:pk>/comments/add/", review.CommentAdd.as_view(), name="staff-comment"),
    path("versions/<int:pk>/comments/<int:row>/", review.CommentSettle.as_view(), name="staff-comment-settle"),
    path("versions/<int:pk>/doubts/", doubts.DoubtsPage.as_view(), name="staff-doubts"),
    path("versions/<int:pk>/doubts/answer/", doubts.DoubtAnswerSave.as_view(), name="staff-doubt-answer"),
    path("versions/<int:pk>/doubts/withdraw/", doubts.DoubtAnswerWithdraw.as_view(), name="staff-doubt-withdraw"),
    path("versions/<int:pk>/main/", editing.MainForm.as_view(), name="staff-main"),
    path(
        "versions/<int:pk>/translations/<int:row>/confirm/",
        editing.TranslationConfirm.as_view(),
        name="staff-translation-confirm",
    ),
    path("versions/<int:pk>/participations/", Guests.as_view(), {"part": "participations"}, name="staff-guests"),
    path("versions/<int:pk>/figures/", grid.Figures.as_view(), {"part": "figures"}, name="staff-figures"),
    path("versions/<int:pk>/figures/amount/", grid.FigureAmount.as_view(), name="staff-figure-amount"),
    path("versions/<int:pk>/<slug:part>/", editing.Section.as_view(), name="staff-section"),
    path("versions/<int:pk>/<slug:part>/order/", ordering.Order.as_view(), name="staff-order"),
    path("versions/<int:pk>/<slug:part>/add/", editing.RowAdd.as_view(), name="staff-row-add"),
    path("versions/<int:pk>/<slug:part>/paste/", paste.Paste.as_view(), name="staff-paste"),
    path("versions/<int:pk>/<slug:part>/<int:row>/", editing.RowEdit.as_view(), name="staff-row"),
    path("versions/<int:pk>/<slug:part>/<int:row>/delete/", editing.RowDelete.as_view(), name="staff-row-delete"),
]
