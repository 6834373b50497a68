"""Questions about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower

from footbridge.engines import same_person
from footbridge.kit.access import Actor

from .models import Away, Client, ClientMerge, ContactChoice, KeptApart, Person, Staff, Supporter


def client(actor: Actor, uid: UUID) -> Client | None:
    return Client.objects.visible_to(actor).select_related("person").filter(uid=uid).first()


def staff_with_role(role: str, on: date) -> QuerySet[Staff]:
    """Staff who hold `role` on the day, by name."""
    return (
        Staff.objects.filter(roles_held__role=role, roles_held__held_from__lte=on)
        .filter(Q(roles_held__held_until__isnull=True) | Q(roles_held__held_until__gt=on))
        .filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
        .select_related("person")
        .order_by("person__name_used")
        .distinct()
    )


def contact_choice(person: Person) -> ContactChoice | None:
    """How the person said, most lately, that they want to be reached."""
    return person.contact_choices.first()


def supporters(client: Client, on: date) -> QuerySet[Supporter]:
    """Those who are granted something on the day, by its dates; what each may see is asked of `support.access`."""
    return (
        client.supporters.filter(granted_from__lte=on)
        .filter(Q(granted_until__isnull=True) | Q(granted_until__gt=on))
        .select_related("person")
    )


def away(on: date) -> QuerySet[Away]:
    """Who is away on the day."""
    return Away.objects.filter(from_on__lte=on, until_on__gt=on).select_related("staff__person", "cover__person")


def away_from(on: date) -> QuerySet[Away]:
    """Who is away on the day or later, soonest first."""
    return Away.objects.filter(until_on__gt=on).select_related("staff__person", "cover__person").order_by("from_on", "pk")


def here(staff: Staff, on: date, absent: Mapping[int, Away] | None = None) -> Staff | None:
    """The staff member, or whoever covers for them while they are away; None when nobody does. `absent` is `absences(on)`,
    when it was read already."""
    known = absences(on) if absent is None else absent
    seen: set[int] = set()
    found: Staff | None = staff
    while found is not None and found.pk in known and found.pk not in seen:
        seen.add(found.pk)
        found = known[found.pk].cover
    if found is None or found.pk in known or (found.left_on is not None and found.left_on <= on):
        return None
    return found


def absences(on: date) -> dict[int, Away]:
    """Who is away on the day, by staff id; of several entries the one with a cover, then the newest."""
    return {one.staff_id: one for one in sorted(away(on), key=lambda a: (a.cover_id is not None, a.pk))}


def absence(uid: UUID) -> Away | None:
    return Away.objects.filter(uid=uid).select_related("staff__person").first()


# ------------------------------------------------------------------ one person, two records

SHOWN = 100  # pairs on the page
LARGEST = 30  # of one phone or birth date; a number shared by more is nobody's own


def stands_for(client: Client) -> Client:
    """The client under whom everything of this record stands now: itself, or the one it was merged into."""
    merge = ClientMerge.objects.filter(merged=client).select_related("kept__person").first()
    return merge.kept if merge else client


def number_is(number: str, of: str = "client__") -> Q:
    """Rows of the client with this record number, or of the one into whom that record was merged. `of` leads to the client."""
    asked = number.strip()
    return Q(**{f"{of}number__iexact": asked}) | Q(**{f"{of}pk__in": ClientMerge.objects.filter(merged__number__iexact=asked).values("kept_id")})


def merged_into(client: Client) -> QuerySet[ClientMerge]:
    """The records that were merged into this one, the newest first."""
    return ClientMerge.objects.filter(kept=client).select_related("merged__person", "by__person").order_by("-at", "-id")


def uids_of(client: Client) -> list[UUID]:
    """The outside names under which acts about this person stand: of the record and of those merged into it."""
    return [client.uid, *ClientMerge.objects.filter(kept=client).values_list("merged__uid", flat=True)]


def facts_of(person: Person) -> same_person.Facts:
    return same_person.Facts(same_person.names(person.legal_name, person.name_used), person.born_on, person.phone, person.email)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be of one person, the older number first."""

    one: Client
    other: Client
    likeness: same_person.Likeness


def pair(actor: Actor, one: UUID, other: UUID) -> Pair | None:
    """Two records side by side, merged ones excepted."""
    rows = {
        row.uid: row for row in Client.objects.visible_to(actor).filter(uid__in=[one, other], merged_into__isnull=True).select_related("person")
    }
    return _pair(rows[one], rows[other]) if len(rows) == 2 else None


def _pair(a: Client, b: Client) -> Pair:
    one, other = sorted((a, b), key=lambda row: row.pk)
    return Pair(one, other, same_person.likeness(facts_of(one.person), facts_of(other.person)))


def doubles(actor: Actor) -> list[Pair]:
    """Records that may be of one person, the likeliest first. Only records that share a name, birth date, phone or email are compared:
    the database finds those, so that the page does not compare everybody with everybody."""
    clients = Client.objects.visible_to(actor).filter(merged_into__isnull=True)
    apart = set(KeptApart.objects.values_list("one_id", "other_id"))
    found: dict[tuple[int, int], Pair] = {}
    for field in ("born_on", "phone", "email", "name"):
        for group in _groups(clients, field):
            for a, b in combinations(group, 2):
                key = (min(a.pk, b.pk), max(a.pk, b.pk))
                if key not in apart and key not in found:
                    found[key] = _pair(a, b)
    likely = [one for one in found.values() if one.likeness.worth_showing]
    return sorted(likely, key=lambda one: (-one.likeness.score, one.one.pk))[:SHOWN]


def _groups(clients: QuerySet[Client], field: str) -> Iterable[list[Client]]:
    by = {"name": Lower("person__legal_name")}.get(field)
    named = clients.annotate(shared=by) if by else clients.annotate(shared=F(f"person__{field}"))
    if field != "name":
        named = named.exclude(shared=None) if field == "born_on" else named.exclude(shared="")
    several = named.values("shared").annotate(n=Count("pk")).filter(n__gt=1, n__lte=LARGEST).values("shared")
    groups: dict[object, list[Client]] = {}
    for row in named.filter(shared__in=several).select_related("person").order_by("pk"):
        groups.setdefault(row.shared, []).append(row)
    return groups.values()
