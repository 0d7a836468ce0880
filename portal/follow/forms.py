"""What somebody is asked who wants mails: an address, how often, in which language."""

from typing import Any

from django import forms
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from portal.inquiries.forms import ConsentField
from portal.inquiries.models import ConsentText
from portal.lib.text import language_codes

from .consent import agreement
from .models import Follow


class HowForm(forms.ModelForm):
    use_required_attribute = False

    class Meta:
        model = Follow
        fields = ["frequency", "language"]
        widgets = {"frequency": forms.RadioSelect, "language": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["frequency"].choices = Follow.Frequency.choices
        self.fields["language"].choices = [(code, get_language_info(code)["name_local"]) for code in language_codes()]
        if not self.instance.pk:
            self.fields["language"].initial = get_language()


class FollowForm(HowForm):
    class Meta(HowForm.Meta):
        fields = ["email", "frequency", "language"]
        widgets = HowForm.Meta.widgets | {"email": forms.EmailInput(attrs={"autocomplete": "email"})}

    def __init__(self, *args: Any, consent: ConsentText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"] = ConsentField(
            consent,
            label=agreement(),
            error_messages={"required": _("Without your consent we may not keep your address, and so not mail you.")},
        )
