"""The place of the pencils on the page of a version."""

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def pencil(context: template.Context, *sections: str) -> SafeString | str:
    """In the office's dossier the way into the forms of these sections; nothing on the public page, which is kept
    for everybody."""
    dossier = context.get("dossier")
    return dossier.pencil(*sections) if dossier else ""
