"""The page of a city: its profile, with what every package has published for it."""

from clusters.models import CityProfile, ClusterProfile, ParkProfile, PolicyRecord, RankingEdition, RankingEntry
from clusters.views import Detail
from projects.ledger import ledger
from projects.models import CeremonyRecord, ProjectListing
from projects.timeline import in_time


class CityDetail(Detail):
    model = CityProfile

    def get_context_data(self, **context):
        return super().get_context_data(
            clusters=self.in_city(ClusterProfile).select_related("industry").prefetch_related("stages__link"),
            parks=self.in_city(ParkProfile),
            policies=self.in_city(PolicyRecord),
            projects=self.in_city(ProjectListing).with_stage().prefetch_related("stage_events"),
            ledger=ledger(self.request.clock.at, [self.object.city]),
            ceremonies=in_time(self.in_city(CeremonyRecord))[::-1],
            costs=self.costs(),
            places=places(self.live(RankingEdition), self.object.city),
            **context,
        )

    def costs(self):
        """Its rows, each knowing whether it has expired and the public page of the park it holds in."""
        rows = list(self.object.costs.all())
        parks = self.public(row.park_id for row in rows)
        for row in rows:
            row.is_expired, row.place = row.has_expired(self.request.clock.today), parks.get(row.park_id)
        return rows

    def in_city(self, kind):
        return self.live(kind).for_city(self.object.city).with_entry().order_by("entry__slug")


def places(editions, city):
    """The city's places in these editions of rankings, each with its edition."""
    return RankingEntry.objects.filter(version__in=editions, city=city).select_related(
        "version__entry__city", "version__publisher"
    )
