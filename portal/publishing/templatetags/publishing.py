"""The place of the pencils on the page of a version."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def pencil(context: template.Context, *sections: str) -> SafeString | str:
    """In the office's dossier the way into the forms of these sections; nothing on the public page, which is kept
    for everybody."""
    dossier: Any = context.get("dossier")
    if not dossier:
        return ""
    engine: Any = context.template.engine  # type: ignore[union-attr]
    with context.push(bars=dossier.bars(*sections)):
        return engine.get_template("staff/pencil.html").render(context)
