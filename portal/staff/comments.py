"""What colleagues remark on a version in work, section by section."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .sections import sections

MAIN = "main"


def section_names(kind):
    """{word: name} of all that may be remarked on, as the difference names them."""
    names = {word: capfirst(str(part._meta.verbose_name_plural)) for word, part in sections(kind).items()}
    return {MAIN: _("Main facts"), **names}


def comments_by_section(version):
    """{word: its comments, the oldest first}, in one query."""
    found = {}
    for said in version.comments.select_related("by", "settled_by"):
        found.setdefault(said.section, []).append(said)
    return found


def open_comments(version):
    """[(name of the section, comment)] of those that nobody has settled."""
    names = section_names(type(version))
    waiting = version.comments.filter(settled_by=None).select_related("by")
    return [(names.get(said.section, said.section), said) for said in waiting]


class CommentForm(forms.Form):
    section = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, names, section=None, **kwargs):
        super().__init__(*args, auto_id=f"comment_{section or 'any'}_%s", initial={"section": section}, **kwargs)
        if section is None:
            self.fields["section"] = forms.ChoiceField(label=_("Section"), choices=list(names.items()))
            self.order_fields(["section", "text"])
        self.names = names

    def clean_section(self):
        word = self.cleaned_data["section"]
        if word not in self.names:
            raise forms.ValidationError(_("There is no such section."))
        return word
