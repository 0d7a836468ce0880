"""Fields of forms: a picture chosen by looking at it, and several files at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .keeping import DOCUMENTS, MOST_DOCUMENT, MOST_IMAGE, PICTURES


class PictureSelect(forms.RadioSelect):
    template_name = "media/picture_select.html"
    option_template_name = "media/picture_option.html"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """A list of files, none of them looked at yet."""

    widget = FilesInput

    def clean(self, value):
        return super().clean(value or [])


class UploadForm(forms.Form):
    files = FilesField(
        label=_("Add pictures or documents"),
        help_text=_(
            "JPEG, PNG or WebP up to 10 MB and 40 million pixels; PDF up to 20 MB. Where and with what a picture was "
            "taken is removed from it."
        ),
        widget=FilesInput(
            attrs={
                "accept": ",".join(f".{ending}" for ending in PICTURES + DOCUMENTS),
                "data-most": MOST_IMAGE,
                "data-most-pdf": MOST_DOCUMENT,
            }
        ),
        error_messages={"required": _("Choose at least one file.")},
    )
