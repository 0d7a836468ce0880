"""Prints, as JSON, everything kept about who wrote from an e-mail address."""

import json

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder

from portal.inquiries import people


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True)

    def handle(self, *, email, **options):
        kept = {name: keeper.export(email) for name, keeper in people.KEEPERS.items()}
        self.stdout.write(json.dumps(kept, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder))
