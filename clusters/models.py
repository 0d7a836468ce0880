"""Cities, clusters, parks, policies and rankings as publications; the industries and organisations they name."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.cities.models import City
from portal.facts.models import Sourced
from portal.lib import units
from portal.lib.dates import UncertainDate, UncertainDateField
from portal.lib.text import TranslatedField
from portal.publishing.models import Entry, Part, Reference, Version


class Industry(Reference):
    """A sector or a named group of sectors ("new three"), with its codes in the classifications."""

    slug = models.SlugField(unique=True)
    name = TranslatedField(_("name"))
    description = TranslatedField(_("description"), multiline=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    gbt4754 = models.CharField("GB/T 4754", max_length=6, blank=True)
    isic = models.CharField("ISIC Rev.4", max_length=6, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("industry")
        verbose_name_plural = _("industries")

    def __str__(self) -> str:
        return str(self.name)


class ValueChain(Reference):
    slug = models.SlugField(unique=True)
    name = TranslatedField(_("name"))
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, related_name="chains")

    class Meta:
        ordering = ["slug"]
        verbose_name = _("value chain")
        verbose_name_plural = _("value chains")

    def __str__(self) -> str:
        return str(self.name)


class ChainLink(Reference):
    """A stage of a value chain, from raw material to recycling; the same for all cities, so that they compare."""

    chain = models.ForeignKey(ValueChain, models.CASCADE, related_name="links")
    order = models.PositiveSmallIntegerField()
    slug = models.SlugField()
    name = TranslatedField(_("name"))

    class Meta:
        ordering = ["chain", "order"]
        verbose_name = _("stage of a chain")
        verbose_name_plural = _("stages of chains")
        constraints = [models.UniqueConstraint(fields=["chain", "slug"], name="chainlink_once")]

    def __str__(self) -> str:
        return str(self.name)


class Organisation(Reference):
    """Who an organisation is. What is said about it stands, sourced and reviewed, in the versions that name it."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        JOINT_VENTURE = "joint_venture", _("joint venture")
        GOVERNMENT = "government", _("government body")
        PARTY = "party", _("party body")
        COMMITTEE = "committee", _("park committee")
        ASSOCIATION = "association", _("association")
        RESEARCH = "research", _("research institute")
        MEDIA = "media", _("media")

    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("city"),
        help_text=_("Whose office keeps it."),
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = TranslatedField(_("name"))
    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.COMPANY)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent company")
    )
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return str(self.name)


class CityProfile(Version):
    """What a city says of itself."""

    kind = "city"

    class Type(models.TextChoices):
        ANCHOR = "anchor", _("led by an anchor company")
        POLICY = "policy", _("led by policy")
        RESOURCE = "resource", _("led by resources")

    city_type = models.CharField(_("type of city"), max_length=8, choices=Type, blank=True)

    class Meta:
        verbose_name = _("city profile")
        verbose_name_plural = _("city profiles")


class CityIndustry(Part, Sourced):
    """An industry's part in a city's economy."""

    class Role(models.TextChoices):
        FORMER = "former", pgettext_lazy("industry", "former pillar")
        PILLAR = "pillar", pgettext_lazy("industry", "pillar")
        EMERGING = "emerging", pgettext_lazy("industry", "emerging")

    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="industries", editable=False)
    industry = models.ForeignKey(Industry, models.PROTECT, verbose_name=_("industry"), related_name="+")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    since = UncertainDateField(_("since"))

    class Meta(Part.Meta):
        verbose_name = _("industry of the city")
        verbose_name_plural = _("industries of the city")


class SisterCity(Part, Sourced):
    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="sister_cities", editable=False)
    name = TranslatedField(_("city"))
    country = TranslatedField(_("country"))
    relation = TranslatedField(_("relation"), blank=True)
    since = UncertainDateField(_("since"))

    class Meta(Part.Meta):
        verbose_name = _("sister city")
        verbose_name_plural = _("sister cities")


class Contact(Part):
    """Whom to call, for what, in which language."""

    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="contacts", editable=False)
    purpose = TranslatedField(_("for"))
    name = TranslatedField(pgettext_lazy("of a person", "name"))
    position = TranslatedField(_("position"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    speaks = models.CharField(_("languages"), max_length=60, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="contact_reachable")]

    def clean(self):
        if not self.phone and not self.email:
            raise ValidationError({"phone": gettext("Give a telephone number or an e-mail address.")})


class Cost(Part, Sourced):
    """What something costs a company in this city: a price as published, and for how long it holds."""

    class Category(models.TextChoices):
        LAND = "land", pgettext_lazy("cost", "land")
        ELECTRICITY = "electricity", pgettext_lazy("cost", "electricity")
        WATER = "water", pgettext_lazy("cost", "water")
        SEWAGE = "sewage", pgettext_lazy("cost", "sewage")
        GAS = "gas", pgettext_lazy("cost", "gas")
        STEAM = "steam", pgettext_lazy("cost", "steam")
        WASTE = "waste", pgettext_lazy("cost", "waste")
        WAGES = "wages", pgettext_lazy("cost", "wages")
        INSURANCE = "insurance", pgettext_lazy("cost", "social insurance")
        FREIGHT = "freight", pgettext_lazy("cost", "freight")
        CONSTRUCTION = "construction", pgettext_lazy("cost", "construction")
        OTHER = "other", pgettext_lazy("cost", "other")

    class Tax(models.TextChoices):
        INCLUDED = "included", pgettext_lazy("price", "tax included")
        EXCLUDED = "excluded", pgettext_lazy("price", "before tax")

    identity = ("category", "what", "park")
    amounts = {"amount": ("price", "price_max", "unit")}

    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="costs", editable=False)
    category = models.CharField(_("category"), max_length=12, choices=Category)
    what = TranslatedField(
        _("what exactly"), blank=True, help_text=_("The tariff, class or band: peak, 110 kV; grade B land.")
    )
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6)
    price_max = models.DecimalField(_("to (of a range)"), max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=units.choices)
    tax = models.CharField(_("tax"), max_length=8, choices=Tax, blank=True)
    valid_from = UncertainDateField(_("valid from"))
    valid_until = UncertainDateField(_("valid until"))
    park = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the park"),
        limit_choices_to={"kind": "park"}, help_text=_("Left empty: in the whole city."),
    )  # fmt: skip
    basis = TranslatedField(_("set by (document)"), blank=True)
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints = [
            models.CheckConstraint(
                condition=Q(price_max=None) | Q(price_max__gte=F("price")), name="cost_range_forward"
            )
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (str(self.get_category_display()), str(self.what))))

    def clean(self) -> None:
        if self.price is not None and self.price_max is not None and self.price_max < self.price:
            raise ValidationError({"price_max": gettext("The second price is below the first.")})
        dates = [day for day in (self.valid_from, self.valid_until) if isinstance(day, UncertainDate) and day]
        if len(dates) == 2 and dates[0].earliest and dates[1].latest and dates[1].latest < dates[0].earliest:
            raise ValidationError({"valid_until": gettext("It cannot end before it begins.")})

    @property
    def amount(self) -> str:
        """As the reader's language writes it: "0.67–0.72 RMB/kWh"."""
        return units.quantity(self.price, self.unit, self.price_max)

    def has_expired(self, today: date) -> bool:
        """Whether it held only until a day that has passed: then it is history, not an offer."""
        last = UncertainDate(self.valid_until).latest
        return bool(last and last < today)


class Designation(Part, Sourced):
    """A title, qualification or listing of the city or of a company; what the source leaves out stays empty."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")

    version = models.ForeignKey(Version, models.CASCADE, related_name="designations", editable=False)
    holder = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("held by (company)")
    )
    title = TranslatedField(_("title"))
    level = models.CharField(_("level"), max_length=10, choices=Level, blank=True)
    grantor = TranslatedField(_("granted by"), blank=True)
    granted = UncertainDateField(_("granted"))
    batch = models.CharField(_("batch"), max_length=40, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("designation")
        verbose_name_plural = _("designations")


class ClusterProfile(Version):
    """An industrial cluster: its chain, who is there, what is missing, what newcomers are offered."""

    kind = "cluster"

    industry = models.ForeignKey(Industry, models.PROTECT, verbose_name=_("industry"), related_name="clusters")
    since = UncertainDateField(_("since"))
    sponsors = TranslatedField(_("created by"), blank=True)
    functions = TranslatedField(_("functions"), blank=True)

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")


class ClusterStage(Part, Sourced):
    """One stage of the chain in this cluster."""

    class Strength(models.TextChoices):
        STRONG = "strong", pgettext_lazy("stage of a chain", "strong")
        PRESENT = "present", pgettext_lazy("stage of a chain", "present")
        REPORTED = "reported", pgettext_lazy("stage of a chain", "reported, no company named")
        GAP = "gap", pgettext_lazy("stage of a chain", "gap")

    version = models.ForeignKey(ClusterProfile, models.CASCADE, related_name="stages", editable=False)
    link = models.ForeignKey(ChainLink, models.PROTECT, verbose_name=_("stage"), related_name="+")
    strength = models.CharField(_("strength"), max_length=8, choices=Strength)
    wanted = models.BooleanField(_("investment wanted"), default=False)
    products = TranslatedField(_("products"), blank=True)
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("stage in the cluster")
        verbose_name_plural = _("stages in the cluster")

    def __str__(self) -> str:
        return str(self.link)


class ClusterCompany(Part, Sourced):
    """A company in the cluster, on a stage of its chain where a source says which."""

    class Role(models.TextChoices):
        ANCHOR = "anchor", pgettext_lazy("company", "anchor")
        MEMBER = "member", pgettext_lazy("company", "member")

    version = models.ForeignKey(ClusterProfile, models.CASCADE, related_name="companies", editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="+")
    stage = models.ForeignKey(
        ClusterStage, models.SET_NULL, null=True, blank=True, related_name="companies", verbose_name=_("stage")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.MEMBER)
    products = TranslatedField(_("products"), blank=True)
    since = UncertainDateField(_("since"))
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("company in the cluster")
        verbose_name_plural = _("companies in the cluster")


class SupportOffer(Part, Sourced):
    """What the anchor company or the city gives newcomers."""

    class Kind(models.TextChoices):
        MATERIALS = "materials", pgettext_lazy("support", "raw materials")
        ENERGY = "energy", pgettext_lazy("support", "energy")
        CAPITAL = "capital", pgettext_lazy("support", "capital")
        TECHNOLOGY = "technology", pgettext_lazy("support", "technology")
        SERVICES = "services", pgettext_lazy("support", "services")

    version = models.ForeignKey(ClusterProfile, models.CASCADE, related_name="offers", editable=False)
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = TranslatedField(_("text"), multiline=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("support offered")
        verbose_name_plural = _("support offered")


class Related(Part):
    """A link to another entry: the parks of a cluster, the chains a policy names."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="related", editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="named_by", verbose_name=_("entry"))
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("related entry")
        verbose_name_plural = _("related entries")
        constraints = [models.UniqueConstraint(fields=["version", "entry"], name="related_once")]


class ParkProfile(Version):
    """A zone or park; parks of one platform name the platform."""

    kind = "park"

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        INNER = "inner", _("park within a zone")

    level = models.CharField(_("level"), max_length=10, choices=Level, blank=True)
    approved_in = UncertainDateField(pgettext_lazy("park", "approved"))
    platform = TranslatedField(_("platform"), blank=True, help_text=_("The group of parks it belongs to."))
    industries = TranslatedField(_("leading industries"), blank=True)
    address = TranslatedField(_("address"), blank=True)

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")


class PolicyRecord(Version):
    """A law, plan or incentive, with who issued it and how long it holds."""

    kind = "policy"

    class Nature(models.TextChoices):
        LAW = "law", pgettext_lazy("policy", "law or regulation")
        PLAN = "plan", pgettext_lazy("policy", "plan")
        INCENTIVE = "incentive", pgettext_lazy("policy", "incentive")
        NOTICE = "notice", pgettext_lazy("policy", "notice")

    nature = models.CharField(_("kind of policy"), max_length=9, choices=Nature)
    issuer = TranslatedField(_("issued by"), blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    issued = UncertainDateField(_("issued"))
    in_force = UncertainDateField(_("in force"))

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")


class PolicyTarget(Part, Sourced):
    """An industry or chain stage the policy names, and as what ("one of 20 key chains")."""

    version = models.ForeignKey(PolicyRecord, models.CASCADE, related_name="targets", editable=False)
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name=_("industry"))
    named_as = TranslatedField(_("named as"))

    class Meta(Part.Meta):
        verbose_name = _("industry named")
        verbose_name_plural = _("industries named")


class RankingEdition(Version):
    """One edition of somebody's published ranking. A place is never shown without what it is a place among."""

    kind = "ranking"

    class Subject(models.TextChoices):
        CITY = "city", _("cities")
        PARK = "park", _("parks")

    publisher = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("publisher"))
    edition = models.CharField(_("edition"), max_length=40)
    subject = models.CharField(_("what is ranked"), max_length=4, choices=Subject, default=Subject.CITY)
    universe = models.PositiveIntegerField(_("how many there are"), null=True, blank=True)
    assessed = models.PositiveIntegerField(_("how many were assessed"), null=True, blank=True)
    listed = models.PositiveIntegerField(_("how many places are published"), null=True, blank=True)
    inclusion_rule = TranslatedField(_("rule of inclusion"), blank=True)
    method = TranslatedField(_("method"), multiline=True, blank=True)

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")


class RankingDimension(Part, Sourced):
    version = models.ForeignKey(RankingEdition, models.CASCADE, related_name="dimensions", editable=False)
    name = TranslatedField(_("name"))
    weight = models.DecimalField(_("weight, %"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")


class RankingEntry(Part, Sourced):
    """One ranked (or merely profiled: no place) city or park."""

    version = models.ForeignKey(RankingEdition, models.CASCADE, related_name="entries", editable=False)
    place = models.PositiveIntegerField(_("place"), null=True, blank=True)
    place_inferred = models.BooleanField(_("place inferred from the wording"), default=False)
    name = TranslatedField(_("name"))
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city"))
    positioning = TranslatedField(_("positioning"), blank=True)
    core_advantage = TranslatedField(_("core advantage"), blank=True)
    score = models.DecimalField(_("score"), max_digits=9, decimal_places=3, null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("ranked city or park")
        verbose_name_plural = _("ranked cities and parks")
