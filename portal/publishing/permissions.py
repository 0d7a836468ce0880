"""Who may do what to a version. Asked here and nowhere else; `thing` is a Version (or a City, to create)."""

from typing import Any

from django.db.models import Exists, OuterRef

from portal.cities.models import City, Membership

Role = Membership.Role


def can_view(user: Any, version: Any) -> bool:
    return user.has_role(version.entry.city)


def can_read(user: Any, city: City) -> bool:
    """What the city's office has, published or not."""
    return user.has_role(city)


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


# The same rules over many versions, in SQL: for lists and their counts ---------------------------------------------


def approvable(user: Any, versions: Any) -> Any:
    """Of these versions, those that the user `can_approve`."""
    return untouched(user, in_offices(user, versions, Role.REVIEWER), "wrote")


def signable(user: Any, versions: Any) -> Any:
    """Of these versions, those that the user `can_sign_off`."""
    return untouched(user, in_offices(user, versions, Role.LEADER), "wrote", "reviewed")


def in_offices(user: Any, versions: Any, role: str) -> Any:
    """Joined, not listed: a database then begins with the few versions, not with all entries of the cities."""
    return versions.filter(entry__city__memberships__user=user, entry__city__memberships__role=role)


def untouched(user: Any, versions: Any, *did: str) -> Any:
    hands = versions.model._meta.get_field("hands").related_model.objects
    had = hands.filter(version=OuterRef("pk"), user=user, did__in=did)
    return versions.filter(~Exists(had)).exclude(created_by=user)


# What is not one version's -------------------------------------------------------------------------------------------


def led_by(user: Any) -> Any:
    """The cities whose figures at a glance the user may see: the offices' leaders and administrators."""
    return City.objects.all() if user.is_superuser else City.objects.for_staff(user, Role.LEADER, Role.ADMIN)


def can_administer(user: Any, city: City) -> bool:
    """Invite into the city's office and give roles in it."""
    return user.is_superuser or user.has_role(city, Role.ADMIN)


def can_change_member(user: Any, member: Any, city: City) -> bool:
    """Nobody gives roles to themselves, and superusers are nobody's to change but a superuser's."""
    return can_administer(user, city) and member.pk != user.pk and (user.is_superuser or not member.is_superuser)


def can_reset_second_factor(user: Any, member: Any) -> bool:
    """A superuser, or who administers every office of which that colleague is a member."""
    if user.is_superuser or member.is_superuser:
        return user.is_superuser and member.pk != user.pk
    ours = City.objects.for_staff(user, Role.ADMIN)
    return member.pk != user.pk and not City.objects.for_staff(member).exclude(pk__in=ours).exists()
