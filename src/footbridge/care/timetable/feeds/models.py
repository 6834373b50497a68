from __future__ import annotations

from django.db import models
from django.db.models import Q

from footbridge.kit.row import Row


class CalendarFeed(Row):
    """The secret address of one person's calendar. Only a hash finds it; the address itself lies sealed, for its owner to see again.

    A renewed address is a new row: the old one ends and answers no more.
    """

    client = models.ForeignKey("ground.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="calendar_feeds")
    staff = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    title = models.CharField(max_length=40)
    shows_place = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"
        constraints = [
            models.CheckConstraint(
                name="calendar_feed_has_one_owner", condition=Q(client__isnull=True, staff__isnull=False) | Q(client__isnull=False, staff__isnull=True)
            ),
            models.CheckConstraint(name="calendar_feed_has_title", condition=~Q(title="")),
            models.UniqueConstraint(fields=["client"], condition=Q(ended_at__isnull=True), name="one_calendar_feed_a_client"),
            models.UniqueConstraint(fields=["staff"], condition=Q(ended_at__isnull=True), name="one_calendar_feed_a_member_of_staff"),
        ]
