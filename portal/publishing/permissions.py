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


def can_comment(user: Any, version: Any) -> bool:
    """Everyone of the office: who reads it may ask."""
    return can_view(user, version)


def can_review(user: Any, version: Any) -> bool:
    return user.has_role(version.entry.city, Role.REVIEWER)


def can_send_back(user: Any, version: Any) -> bool:
    """A reviewer; also a leader who is asked to sign it off."""
    return can_review(user, version) or (version.state == "reviewed" and user.has_role(version.entry.city, Role.LEADER))


def can_approve(user: Any, version: Any) -> bool:
    """A reviewer of the city who wrote no word of this version."""
    return can_review(user, version) and not had_a_hand(user, version, "wrote")


def can_sign_off(user: Any, version: Any) -> bool:
    """A leader of the city who neither wrote nor reviewed this version."""
    leads = user.has_role(version.entry.city, Role.LEADER)
    return leads and not had_a_hand(user, version, "wrote", "reviewed")


def had_a_hand(user: Any, version: Any, *did: str) -> bool:
    wrote_first = "wrote" in did and version.created_by_id == user.pk
    return wrote_first or version.hands.filter(user=user, did__in=did).exists()
