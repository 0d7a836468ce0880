"""Who may do what to a version. Asked here and nowhere else; `thing` is a Version (or a City, to create)."""

from typing import Any

from portal.cities.models import City, Membership

Role = Membership.Role


def can_view(user: Any, version: Any) -> bool:
    return user.has_role(version.entry.city)


def can_create(user: Any, city: City) -> bool:
    return user.has_role(city, Role.EDITOR)


def can_edit(user: Any, version: Any) -> bool:
    return user.has_role(version.entry.city, Role.EDITOR)


def can_review(user: Any, version: Any) -> bool:
    return user.has_role(version.entry.city, Role.REVIEWER)


def can_approve(user: Any, version: Any) -> bool:
    """A reviewer of the city who wrote no word of this version."""
    wrote = version.created_by_id == user.pk or version.hands.filter(user=user, did="wrote").exists()
    return can_review(user, version) and not wrote
