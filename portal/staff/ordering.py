"""The order of a section's rows: one step up or down by a button, or all at once by dragging."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.publishing import permissions
from portal.publishing.workflow import Refused, editing

from .editing import PartPage


class Order(PartPage):
    """Puts the rows in another order. `up` or `down` names a row, `rows` all of them in the order wanted."""

    asks = staticmethod(permissions.can_edit)
    http_method_names = ["post"]
    moved = ""

    def post(self, request, **kwargs):
        try:
            with editing(self.version, by=request.user) as draft:
                rows = list(self.model.of(draft))
                wanted = self.wanted(rows)
                if wanted is None:
                    raise Refused(_("Somebody has added or taken out a row meanwhile. Look again, then order them."))
                put_in_order(self.model, wanted)
        except Refused as refused:
            return self.answer(" ".join(refused.messages), status=409)
        return self.answer(_("The order is saved."))

    def wanted(self, rows):
        """The rows in their new order; None when those named are not those there are."""
        by_key = {str(row.pk): row for row in rows}
        for step, name in ((-1, "up"), (1, "down")):
            if moved := by_key.get(self.request.POST.get(name, "")):
                self.moved = f"#row-{moved.pk}"
                return stepped(rows, moved, step)
        keys = self.request.POST.get("rows", "").split(",")
        return [by_key[key] for key in keys] if sorted(keys) == sorted(by_key) else None

    def answer(self, said, status=200):
        """In a word to a script; to a browser the page it came from, which says it."""
        if "rows" in self.request.POST and self.request.accepts("text/plain") and not self.request.accepts("text/html"):
            return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
        (messages.error if status == 409 else messages.success)(self.request, said)
        return redirect(self.section_url() + self.moved)


def stepped(rows, row, step):
    """The rows with one of them a place further; the first and the last stay where they are."""
    rows = list(rows)
    here = rows.index(row)
    there = min(max(here + step, 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    return rows


def put_in_order(part, rows):
    for place, row in enumerate(rows, 1):
        row.order = place
    part._base_manager.bulk_update(rows, ["order"])
