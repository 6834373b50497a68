"""People: those who come for care, those who stand by them, those who work here, and those who refer."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from footbridge.kit.access import Actor
from footbridge.kit.row import Row

from .words import Channel, Language, LegalBasis, Relation, RoleName, Scope, SignedHow, Signer, SourceKind


class Person(Row):
    """Anybody Footbridge knows by name. The legal name is used only where law needs it; everywhere else the name used."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="person")
    legal_name = models.CharField(max_length=120)
    name_used = models.CharField(max_length=80)
    pronouns = models.CharField(max_length=40, blank=True, default="")
    born_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=32, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    address = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        indexes = [models.Index(fields=["born_on"]), models.Index(fields=["phone"])]

    def __str__(self) -> str:
        return self.name_used


class ContactChoice(Row):
    """How a person wants to be reached, as they said it on that day. The newest one holds."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_choices")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    may_leave_message = models.BooleanField(default=False)
    may_say_who_we_are = models.BooleanField(default=False)
    best_times = models.CharField(max_length=120, blank=True, default="")
    chosen_at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        ordering = ["-chosen_at", "-id"]


class Staff(Row):
    """Somebody who works in the program."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="staff")
    title = models.CharField(max_length=80, blank=True, default="")
    supervisor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="supervised")
    started_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(name="staff_leaves_after_start", condition=Q(left_on__isnull=True) | Q(left_on__gte=F("started_on"))),
            models.CheckConstraint(name="staff_not_own_supervisor", condition=~Q(supervisor=F("id"))),
        ]

    def __str__(self) -> str:
        return self.person.name_used


class Away(Row):
    """Somebody is away, from a day until a day (exclusive). Whoever covers stands in: alarms go to them first."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="away")
    cover = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="covers")
    from_on = models.DateField()
    until_on = models.DateField()
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        indexes = [models.Index(fields=["staff", "until_on"])]
        constraints = [
            models.CheckConstraint(name="away_ends_after_it_begins", condition=Q(until_on__gt=F("from_on"))),
            models.CheckConstraint(name="nobody_covers_themselves", condition=Q(cover__isnull=True) | ~Q(cover=F("staff"))),
        ]


class Credential(Row):
    """A licence or certificate with its dates; provisional ones need a supervisor's signature."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    provisional = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "ground"


class RoleHeld(Row):
    """A role somebody holds, from a day until a day (exclusive)."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=16, choices=RoleName.choices)
    held_from = models.DateField()
    held_until = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(name="role_until_after_from", condition=Q(held_until__isnull=True) | Q(held_until__gte=F("held_from"))),
        ]


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, actor: Actor) -> ClientQuerySet:
        """The clients whose existence `actor` may know. See ground.episodes.reads for who is on a care team."""
        from footbridge.ground.episodes.visibility import clients_visible_to

        return clients_visible_to(self, actor)


class Client(Row):
    """A person who asks for care or receives it. `number` is the second identifier on every clinical page."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="client")
    number = models.CharField(max_length=12, unique=True)
    since = models.DateTimeField()

    objects = ClientQuerySet.as_manager()

    class Meta:
        app_label = "ground"

    def __str__(self) -> str:
        return self.number


class ClientMerge(Row):
    """Two records were of one person. Everything of `merged` stands under `kept` since; its number still finds the person.

    `moved` says what was moved, so that it can be told apart again: {"rows": {table: [ids]}, "versions": {table: [[id, before, after]]},
    "account": whether the account moved, "filled": {field: value taken over}}. Nothing is deleted.
    """

    kept = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="merged_from")
    merged = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="merged_into")
    why = models.CharField(max_length=300)
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        constraints = [models.CheckConstraint(name="no_merge_with_oneself", condition=~Q(kept=F("merged")))]


class KeptApart(Row):
    """Somebody compared two records that look alike: they are two people. They are not offered again."""

    one = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="kept_apart_once"),
            models.CheckConstraint(name="kept_apart_in_order", condition=Q(one__lt=F("other"))),
        ]


class Supporter(Row):
    """A person who stands by a client, and what the client (or the law) lets them see, from a day until a day (exclusive)."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="supporters")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supports")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    legal_basis = models.CharField(max_length=20, choices=LegalBasis.choices, default=LegalBasis.CONSENT)
    scope = ArrayField(models.CharField(max_length=12, choices=Scope.choices), default=list, blank=True)
    granted_from = models.DateField()
    granted_until = models.DateField(null=True, blank=True)
    emergency_contact = models.BooleanField(default=False)
    # Who agreed, in which name and how; `granted_by` is the staff member who wrote it down, nobody when the client did in the portal.
    signed_by = ArrayField(models.CharField(max_length=8, choices=Signer.choices), default=list, blank=True)
    signed_name = models.CharField(max_length=120, blank=True, default="")
    parent_signed_name = models.CharField(max_length=120, blank=True, default="")
    signed_how = models.CharField(max_length=8, choices=SignedHow.choices, blank=True, default="")
    granted_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(null=True, blank=True)
    # What a court order takes away, and which order that is.
    denied_by_court = ArrayField(models.CharField(max_length=12, choices=Scope.choices), default=list, blank=True)
    court_order = models.CharField(max_length=300, blank=True, default="")
    ended_because = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(
                name="supporter_until_after_from", condition=Q(granted_until__isnull=True) | Q(granted_until__gte=F("granted_from"))
            ),
            models.CheckConstraint(name="supporter_court_is_named", condition=Q(denied_by_court=[]) | ~Q(court_order="")),
        ]

    @property
    def scope_words(self) -> list[str]:
        """What is granted, in words."""
        return [str(label) for value, label in Scope.choices if value in self.scope]

    def holds_on(self, on: date) -> bool:
        return self.granted_from <= on and (self.granted_until is None or on < self.granted_until)


class ReferralSource(Row):
    """Who sends people here."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=SourceKind.choices)
    phone = models.CharField(max_length=32, blank=True, default="")
    email = models.EmailField(blank=True, default="")

    class Meta:
        app_label = "ground"
        constraints = [models.UniqueConstraint(fields=["name", "kind"], name="one_source_by_name_and_kind")]

    def __str__(self) -> str:
        return self.name
