from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Access(models.TextChoices):
    """Whether somebody can get at a means. Declined and not known are answers."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    DECLINED = "declined", _("Would not say")
    NOT_KNOWN = "not_known", _("Not known")


class NaloxoneAnswer(models.TextChoices):
    GIVEN = "given", _("Given to them")
    HAS_IT = "has_it", _("Has it already")
    PRESCRIBED = "prescribed", _("Prescribed, or told where to get it")
    OFFERED = "offered", _("Offered; wants to think about it")
    DECLINED = "declined", _("Declined")
