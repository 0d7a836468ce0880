"""What an investor is asked, as little as an answer needs."""

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from portal.cities.models import City
from portal.lib.text import language_codes

from .consent import agreement
from .models import ConsentText, Inquiry

LONGEST_MESSAGE = 5000
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Checkbox(forms.CheckboxInput):
    """Posts the version of the words beside it, so that a tick under older words is not taken for these."""

    def __init__(self, version: str) -> None:
        super().__init__(check_test=lambda value: value == version)
        self.version = version

    def format_value(self, value: Any) -> str:
        return self.version

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return data.get(name, "")


class ConsentField(forms.Field):
    def __init__(self, consent: ConsentText, **kwargs: Any) -> None:
        super().__init__(widget=Checkbox(consent.version), **kwargs)
        self.consent = consent

    def clean(self, value: Any) -> ConsentText:
        if super().clean(value) != self.consent.version:
            raise ValidationError(_("These words have changed since you read them. Please read and agree again."))
        return self.consent


class CityField(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": _("This city does not take inquiries here. Choose one of the list.")}


class InquiryForm(forms.ModelForm):
    use_required_attribute = False

    token = forms.CharField(max_length=64, required=False, initial=uuid.uuid4, widget=forms.HiddenInput)

    class Meta:
        model = Inquiry
        fields = ["message", "name", "organisation", "email", "language", "country", "size", "timing"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "country": forms.TextInput(attrs={"autocomplete": "country-name"}),
            "message": forms.Textarea(attrs={"rows": 7}),
            "language": forms.RadioSelect,
        }
        help_texts = {
            "email": _("The answer goes to this address."),
            "message": _("What would you like to know? Up to 5,000 characters."),
            "size": _("For example the investment, the land or the number of jobs."),
            "timing": _("For example when you want to decide or to start."),
        }

    def __init__(self, *args: Any, cities: Any, consent: ConsentText, **kwargs: Any) -> None:
        """`cities` are those to choose from; None when the page it was opened from names the city."""
        super().__init__(*args, **kwargs)
        if cities is not None:
            self.fields["city"] = CityField(
                cities, label=_("City you ask"), to_field_name="slug", empty_label=_("Choose a city")
            )
        # Not max_length, which would cut a pasted text short in silence.
        self.fields["message"].validators.append(MaxLengthValidator(LONGEST_MESSAGE))
        self.fields["language"].choices = [(code, get_language_info(code)["name_local"]) for code in language_codes()]
        self.fields["language"].initial = get_language()
        self.fields["consent"] = ConsentField(
            consent,
            label=agreement(),
            error_messages={"required": _("Without your consent we may not keep your inquiry, and so not answer it.")},
        )
        self.order_fields(["city"])

    def clean(self) -> dict[str, Any]:
        """Single lines stay single lines; signs that no keyboard makes are refused."""
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and UNPRINTABLE.search(value):
                self.add_error(name, _("Contains characters that cannot be printed."))
            elif isinstance(value, str) and name != "message":
                self.cleaned_data[name] = " ".join(value.split())
        return self.cleaned_data

    @property
    def said(self) -> dict[str, str]:
        """What the sender typed, by the inquiry's own fields."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


def cities_open_to_inquiries(versions: Any) -> Any:
    """The cities of which something is public among `versions`."""
    return City.objects.filter(pk__in=versions.values("entry__city"))
