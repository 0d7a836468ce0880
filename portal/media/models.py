"""Pictures and documents of a city's library, and the parts of versions that show them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.cities.models import City
from portal.lib.text import Text, TranslatedField, language_codes
from portal.publishing.models import Part, Version

from . import pixels


class KeptQuerySet(models.QuerySet):
    def for_staff(self, user):
        return self.filter(city__in=City.objects.for_staff(user))

    def shown(self, at: datetime):
        """Those that something public at `at` shows: nothing else of a library is public."""
        shows = self.model.part()._base_manager.filter(version__in=Version.objects.live(at))
        return self.filter(Exists(shows.filter(**{self.model.part().names: OuterRef("pk")})))

    def unused(self):
        part = self.model.part()
        return self.filter(~Exists(part._base_manager.filter(**{part.names: OuterRef("pk")})))

    def lacking(self):
        """Those of which a needed text is missing in a language."""
        missing = Q()
        for name in self.model.needed:
            for code in language_codes():
                missing |= ~Q(**{f"{name}__has_key": code})
        return self.filter(missing)


class Kept(models.Model):
    """A file of a city's library. It is named by its digest; the name it came with is only shown."""

    city = models.ForeignKey(City, models.PROTECT, editable=False, related_name="%(class)ss", verbose_name=_("city"))
    digest = models.CharField(max_length=64, editable=False)
    file_name = models.CharField(_("file name"), max_length=120, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)  # bytes
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), editable=False)

    needed: ClassVar[tuple[str, ...]] = ()  # its texts that a page cannot do without, in each language

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]

    @classmethod
    def part(cls) -> Any:
        """The part of a version that shows such a file."""
        raise NotImplementedError

    @property
    def lacks(self) -> list[str]:
        """Which of the texts it needs are missing in a language."""
        fields = (self._meta.get_field(name) for name in self.needed)
        return [str(field.verbose_name) for field in fields if len(getattr(self, field.name)) < len(language_codes())]

    @property
    def rows(self) -> models.QuerySet:
        """Where it is shown, in any version."""
        part = self.part()
        rows = part._base_manager.filter(**{part.names: self.pk}).select_related("version__entry__city")
        return rows.order_by("-version_id", "order")


class Image(Kept):
    """A picture, always made anew from its pixels: no file that somebody uploaded is ever served."""

    needed = ("caption", "alt")

    width = models.PositiveSmallIntegerField(_("width"), editable=False)
    height = models.PositiveSmallIntegerField(_("height"), editable=False)
    caption = TranslatedField(_("caption"), max_length=300, blank=True)
    alt = TranslatedField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What is to be seen, for those who do not see it: one plain sentence."),
    )
    credit = TranslatedField(_("credit"), blank=True, help_text=_("Who took it, and for whom."))
    focal_x = models.PositiveSmallIntegerField(
        _("focal point from the left, in %"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point from the top, in %"), default=50, validators=[MaxValueValidator(100)]
    )

    class Meta(Kept.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.UniqueConstraint(fields=["digest", "city"], name="image_once"),
            models.CheckConstraint(condition=Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_inside"),
        ]

    def __str__(self) -> str:
        return str(self.caption) or self.file_name

    @classmethod
    def part(cls) -> type["Picture"]:
        return Picture

    @staticmethod
    def folder(digest: str) -> Path:
        return Path(settings.MEDIA_ROOT) / "images" / digest[:2] / digest

    @property
    def widths(self) -> list[int]:
        return pixels.widths(self.width)

    @property
    def names(self) -> list[str]:
        """The files that are served: renditions, smallest first, then the one for old browsers."""
        return [*(f"{width}.webp" for width in self.widths), f"{min(pixels.FALLBACK, self.width)}.jpg"]

    def url(self, name: str) -> str:
        return reverse("media-image", args=[self.digest, name])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url(f'{width}.webp')} {width}w" for width in self.widths)

    @property
    def fallback(self) -> str:
        return self.url(self.names[-1])

    @property
    def thumbnail(self) -> str:
        return self.url(self.names[0])

    @property
    def is_wide(self) -> bool:
        """Whether it may fill the width of a page."""
        return self.width >= pixels.WIDTHS[1]

    @property
    def focus(self) -> str:
        """The classes that keep the focal point in sight where a picture is cut: "focus-x3 focus-y10"."""
        return f"focus-x{round(self.focal_x / 10)} focus-y{round(self.focal_y / 10)}"


class Document(Kept):
    """A PDF to take away."""

    needed = ("title",)

    title = TranslatedField(_("title"), max_length=300, blank=True)

    class Meta(Kept.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [models.UniqueConstraint(fields=["digest", "city"], name="document_once")]

    def __str__(self) -> str:
        return str(self.title) or self.file_name

    def get_absolute_url(self) -> str:
        return reverse("media-document", args=[self.digest])

    @classmethod
    def part(cls) -> type["Attachment"]:
        return Attachment

    @staticmethod
    def path(digest: str) -> Path:
        return Path(settings.MEDIA_ROOT) / "documents" / digest[:2] / f"{digest}.pdf"


class Showing(Part):
    """A row that shows a file of the library, in words that are its own and frozen with the version."""

    names = ""  # the field naming the file
    words: tuple[str, ...] = ()

    class Meta(Part.Meta):
        abstract = True

    @property
    def kept(self) -> Any:
        return getattr(self, self.names)

    def clean(self) -> None:
        if getattr(self, f"{self.names}_id") and self.kept.city_id != self.version.entry.city_id:
            raise ValidationError({self.names: gettext("Choose one from this city’s own library.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name, words in self.from_library():
            setattr(self, name, words)
        super().save(*args, **kwargs)

    def from_library(self) -> Iterator[tuple[str, Text]]:
        """What was left empty, as the library has it."""
        for name in self.words:
            if not getattr(self, name):
                yield name, getattr(self.kept, name)


class Picture(Showing):
    names = "image"
    words = ("caption", "alt", "credit")

    version = models.ForeignKey(Version, models.CASCADE, related_name="pictures", editable=False)
    image = models.ForeignKey(Image, models.PROTECT, related_name="pictures", verbose_name=_("picture"))
    caption = TranslatedField(_("caption"), max_length=300, blank=True, help_text=_("Left empty: as in the library."))
    alt = TranslatedField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What is to be seen, for those who do not see it. Left empty: as in the library."),
    )
    credit = TranslatedField(_("credit"), blank=True, help_text=_("Left empty: as in the library."))

    class Meta(Part.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [models.UniqueConstraint(fields=["version", "image"], name="picture_once")]

    def __str__(self) -> str:
        return str(self.caption) or str(self.image)


class Attachment(Showing):
    names = "document"
    words = ("title",)

    version = models.ForeignKey(Version, models.CASCADE, related_name="attachments", editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="attachments", verbose_name=_("document"))
    title = TranslatedField(_("title"), max_length=300, blank=True, help_text=_("Left empty: as in the library."))

    class Meta(Part.Meta):
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        constraints = [models.UniqueConstraint(fields=["version", "document"], name="attachment_once")]

    def __str__(self) -> str:
        return str(self.title) or str(self.document)
