"""For the superuser who lost telephone and recovery codes, and has no colleague to ask: run on the server itself."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.cities.models import User
from portal.publishing.clock import database_now
from portal.publishing.models import Event
from portal.staff.accounts import end_sessions


class Command(BaseCommand):
    help = "Takes an account's second factor away and logs it out everywhere; its next log-in sets up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if not user:
            raise CommandError(f"There is no account {username}.")
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
        Event.record("reset_factor", f"account {username}", by=User(username="(system)"), at=database_now())
        self.stdout.write(f"The second factor of {username} is gone.")
