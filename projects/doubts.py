"""What a reviewer would ask of ceremonies: totals that do not reconcile, bodies of an unnamed city."""

import re
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts.doubts import Raised, check
from portal.facts.evidence import rows
from portal.lib.text import Text
from portal.publishing.models import Version

from .models import CeremonyRecord, Participation


@check("totals_not_itemised", gettext_lazy("totals that do not reconcile"))
def totals_not_itemised(version: Version, today: date) -> Iterator[Raised]:
    """Fewer itemised than declared is common, and asked; more than declared contradicts, and is serious."""
    if not isinstance(version, CeremonyRecord):
        return
    told = version.reconciliation()
    counts = {"itemised": told.itemised_count, "declared": told.declared_count}
    if told.declared_count is not None and told.itemised_count != told.declared_count:
        says = _(
            "%(itemised)d of %(declared)d projects declared are listed. List the others, or answer why they are not."
        )
        if told.itemised_count > told.declared_count:
            says = _("%(itemised)d projects are listed, and %(declared)d were declared. Correct one, or answer why.")
        contradicts = told.itemised_count > told.declared_count
        yield Raised([version], says % counts, ("count", *counts.values()), serious=contradicts)
    if told.declared_amount is not None and told.itemised_amount != told.declared_amount:
        contradicts = told.itemised_amount > told.declared_amount
        if contradicts or not told.unpriced:
            says = _(
                "The amounts listed come to %(itemised)s, and %(declared)s was declared. Correct one, or answer why."
            )
        else:
            says = _(
                "%(itemised)s of %(declared)s declared is itemised. Add the amounts, or answer why they are not known."
            )
        words = {"itemised": told.itemised, "declared": told.declared}
        because = ("amount", told.itemised_amount, told.declared_amount, told.unit)
        yield Raised([version], says % words, because, serious=contradicts)


#: What offices everywhere are called: a body named with these words only names no place.
GENERIC = re.compile(
    r"municipal|city|prefectural|provincial|county|district|people|government|party|cpc|committee|commission|bureau|"
    r"department|office|standing|development|economic|technolog\w+|technical|zone|high-?tech|reform|commerce|finance|"
    r"industr\w+|information|science|investment|promotion|cooperation|planning|natural|resources|management|group|"
    r"administrati\w+|of|the|for|and|s|de?puty",
    re.IGNORECASE,
)
GENERIC_ZH = re.compile(
    r"^(中共)?[市县区省州](委|政府|人民政府|人大|政协|纪委|商务局|发改委|发展改革委|发展和改革委员会|工信局|财政局|.{2,6}局|.{0,8}委员会)"
    r"|^(市委|市政府|人民政府|开发区|高新区|经开区|经济技术开发区|商务局|发改委|发展改革委|发展和改革委员会|招商局|投促局)(管委会|党工委)?$"
)


@check("ambiguous_body", gettext_lazy("body of which place?"))
def ambiguous_body(version: Version, today: date) -> Iterator[Raised]:
    if not isinstance(version, CeremonyRecord):
        return
    for row in rows(version, Participation):
        if row.body and not row.organisation and (row.body_inferred or is_generic(row.body)):
            says = _(
                "%(guest)s, %(body)s: of which city or county the body is, the source does not say. Find it, or answer."
            )
            words = {"guest": row.name, "body": row.body}
            yield Raised([row], says % words, (row.name, row.position, row.body, row.body_inferred))


def is_generic(body: Text) -> bool:
    """Whether no language of it names a place."""
    return all(
        bool(GENERIC_ZH.search(words)) if code.startswith("zh") else not any(map(is_proper, re.findall(r"\w+", words)))
        for code, words in body.items()
    )


def is_proper(word: str) -> bool:
    return not GENERIC.fullmatch(word)
