"""The numbers and choices of signing in, in one place. No models here."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

# A staff room has many eyes; a client's phone is mostly in their own hand.
IDLE_STAFF = timedelta(minutes=15)
IDLE_OTHERS = timedelta(minutes=30)
# How long before the lock the page says so.
IDLE_WARNING = timedelta(minutes=2)
# The idle clock is written at most this often, so that reading pages does not mean writing sessions.
IDLE_STEP = timedelta(minutes=1)
# A session that is only locked lives this long; after that the person signs in anew. Must be far longer than the lock,
# so that what is typed always has an owner to be kept for.
SESSION_LIFE = timedelta(hours=12)

# How long a proof of identity (password, passkey, code) counts as fresh, for signing and for changing how one signs in.
FRESH_FOR = timedelta(minutes=5)

LOCK_OUT_AFTER = 5
LOCK_OUT_FOR = timedelta(minutes=15)

INVITATION_LIFE = timedelta(days=7)
RESET_LINK_LIFE = timedelta(hours=4)

# At most this many password hashes at the same time in one process: each takes 19 MiB and a core.
HASHES_AT_ONCE = 2

ROLE_TITLES = {
    "front_desk": _("Front desk"),
    "intake": _("Intake"),
    "therapist": _("Therapist"),
    "prescriber": _("Prescriber"),
    "director": _("Director"),
    "biller": _("Biller"),
    "admin": _("Administrator"),
    "client": _("Client"),
    "supporter": _("Supporter"),
}
