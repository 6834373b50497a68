"""When, where, with whom: weekly places, dated sessions and bookings.

The database holds the promises: no person and no room twice at once (exclusion constraints), no more people than seats (each booking
takes a numbered seat). The embedded server has no extension for mixed types, so equality is written as a one-point range.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from footbridge.ground.program.words import Mode, Weekday
from footbridge.kit.row import Row

from .words import CancelledBecause, Happened, How, PairKind, SessionKind


class TsTzRange(Func):
    function = "TSTZRANGE"


class OnePoint(Func):
    """An integer as the range that holds only it, so that `&&` means "the same"."""

    template = "int8range(%(expressions)s::bigint, %(expressions)s::bigint, '[]')"


class Place(Row):
    """A person's place in a group, from a day until a day (exclusive). Dated bookings follow from it."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="places")
    group = models.ForeignKey("ground.Group", on_delete=models.PROTECT, related_name="places")
    held_from = models.DateField()
    held_until = models.DateField(null=True, blank=True)
    by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "group"], condition=Q(held_until__isnull=True), name="one_place_in_a_group"
            ),
            models.CheckConstraint(
                name="place_until_after_from", condition=Q(held_until__isnull=True) | Q(held_until__gte=F("held_from"))
            ),
        ]


class WeeklyVisit(Row):
    """A standing individual, family or medication visit, from a day until a day (exclusive)."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="weekly_visits")
    kind = models.CharField(max_length=12, choices=SessionKind.choices)
    staff = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="weekly_visits")
    room = models.ForeignKey(
        "ground.Room", null=True, blank=True, on_delete=models.PROTECT, related_name="weekly_visits"
    )
    mode = models.CharField(max_length=10, choices=Mode.choices)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    held_from = models.DateField()
    held_until = models.DateField(null=True, blank=True)
    by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [
            models.CheckConstraint(name="weekly_visit_ends_after_start", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(name="weekly_visit_not_a_group", condition=~Q(kind="group")),
        ]


class Session(Row):
    """One dated hour of care. `seats` is how many people it can take; each booking takes one numbered seat."""

    kind = models.CharField(max_length=12, choices=SessionKind.choices)
    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="sessions")
    meeting = models.ForeignKey(
        "ground.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    group = models.ForeignKey("ground.Group", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    visit = models.ForeignKey(WeeklyVisit, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    leader = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="sessions_led")
    room = models.ForeignKey("ground.Room", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    mode = models.CharField(max_length=10, choices=Mode.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=12, choices=CancelledBecause.choices, blank=True, default="")

    class Meta:
        app_label = "care"
        ordering = ["starts_at"]
        indexes = [
            models.Index(fields=["leader", "starts_at"]),
            models.Index(fields=["starts_at"]),
            models.Index(fields=["group", "starts_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="group_session_has_group", condition=Q(kind="group", group__isnull=False) | ~Q(kind="group")
            ),
            models.CheckConstraint(
                name="session_cancelled_with_reason",
                condition=Q(cancelled_at__isnull=True, cancelled_because="")
                | Q(cancelled_at__isnull=False) & ~Q(cancelled_because=""),
            ),
            ExclusionConstraint(
                name="leader_not_twice_at_once",
                expressions=[
                    (OnePoint(F("leader_id")), RangeOperators.OVERLAPS),
                    (TsTzRange(F("starts_at"), F("ends_at")), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at__isnull=True),
            ),
            ExclusionConstraint(
                name="room_not_twice_at_once",
                expressions=[
                    (OnePoint(F("room_id")), RangeOperators.OVERLAPS),
                    (TsTzRange(F("starts_at"), F("ends_at")), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at__isnull=True, room__isnull=False),
            ),
        ]


class Booking(Row):
    """A person's seat in a dated session. Times are the session's, kept here so that the database can refuse an overlap."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="bookings")
    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="bookings")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seat = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField()
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=12, choices=CancelledBecause.choices, blank=True, default="")

    class Meta:
        app_label = "care"
        # The second serves whole weeks: whose hours the biller counts.
        indexes = [models.Index(fields=["episode", "starts_at"]), models.Index(fields=["starts_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "seat"], condition=Q(cancelled_at__isnull=True), name="one_person_a_seat"
            ),
            models.UniqueConstraint(
                fields=["session", "episode"], condition=Q(cancelled_at__isnull=True), name="booked_once"
            ),
            models.CheckConstraint(name="seat_exists", condition=Q(seat__gte=1) & Q(seat__lte=F("seats"))),
            ExclusionConstraint(
                name="person_not_twice_at_once",
                expressions=[
                    (OnePoint(F("episode_id")), RangeOperators.OVERLAPS),
                    (TsTzRange(F("starts_at"), F("ends_at")), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at__isnull=True),
            ),
        ]


class Pairing(Row):
    """Two people who must not meet, or who support each other. `one` is the person it was said about: the reason is for their care team
    and the director; whoever cares for `other` sees only that it holds. No page of the timetable says why.
    """

    kind = models.CharField(max_length=8, choices=PairKind.choices)
    one = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="pairings")
    other = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="paired_with")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    # Two records of one person are merged: what holds about both says that they are two. It does not say what that is.
    refuses_merge = {
        "nobody_paired_with_themselves": _("It is on record about these two that they are two people. The director can read it and, if it was a mistake, end it."),
        "one_pairing_of_two_people": _("Both records are paired with the same person. The director can end one of the two first."),
    }  # fmt: skip

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
        constraints = [
            # One that has ended stays to be read when its two records turn out to be of one person.
            models.CheckConstraint(name="nobody_paired_with_themselves", condition=~Q(one=F("other")) | Q(ended_at__isnull=False)),
            models.CheckConstraint(name="pairing_has_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                Least("one", "other"), Greatest("one", "other"), condition=Q(ended_at__isnull=True), name="one_pairing_of_two_people"
            ),
        ]


class Mending(Row):
    """Something happened to a published week, and this is how it was mended: one act, which can be taken back until anything of it has begun.

    `key` is that of the proposal: pressed twice it is done once. `from_at` and `until_at` say when it happened (until exclusive).
    """

    key = models.UUIDField(unique=True)
    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="mendings")
    what = models.CharField(max_length=20, choices=Happened.choices)
    staff = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="mendings")
    room = models.ForeignKey("ground.Room", null=True, blank=True, on_delete=models.PROTECT, related_name="mendings")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("ground.Episode", null=True, blank=True, on_delete=models.PROTECT, related_name="mendings")
    away = models.ForeignKey("ground.Away", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    how = models.CharField(max_length=8, choices=How.choices)
    by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["site", "-at"])]
        constraints = [models.CheckConstraint(name="mending_ends_after_it_begins", condition=Q(until_at__gt=F("from_at")))]


class MendedSession(Row):
    """One session as it was and as it was made: {"leader", "room": uid or null, "starts_at", "ends_at", "cancelled": reason or ""}.
    Publishing leaves such a session as it is."""

    mending = models.ForeignKey(Mending, on_delete=models.PROTECT, related_name="sessions")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="mended")
    planned_at = models.DateTimeField(help_text="When the weekly plan holds it")
    was = models.JSONField()
    now = models.JSONField()

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["mending", "session"], name="mended_once")]


class MendedSeat(Row):
    """A seat that was taken or given back by a mending."""

    mending = models.ForeignKey(Mending, on_delete=models.PROTECT, related_name="seats")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="mended")
    taken = models.BooleanField(help_text="Taken by the mending; else given back by it")

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["mending", "booking"], name="seat_mended_once")]
