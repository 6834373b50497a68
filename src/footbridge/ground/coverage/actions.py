"""Who pays, and what the payer said."""

from __future__ import annotations

from datetime import date, datetime

from footbridge.ground.people.models import Client, Staff
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules
from .models import BenefitCheck, Coverage


def record(
    client: Client, *, kind: str, covered_from: date, by: Actor, at: datetime, payer: str = "", member_number: str = "", covered_until: date | None = None
) -> Coverage:
    access.require(by, rules.KEEP_COVERAGE, client)
    coverage = Coverage(
        client=client, kind=kind, payer=payer.strip(), member_number=member_number.strip(), covered_from=covered_from, covered_until=covered_until
    )
    with trail.act("coverage.recorded", by=by, at=at, about=coverage, client=client):
        coverage.save()
    return coverage


def check(
    coverage: Coverage,
    staff: Staff,
    *,
    status: str,
    by: Actor,
    at: datetime,
    iop_covered: str = "unknown",
    needs_authorisation: str = "unknown",
    copay_cents: int | None = None,
    spoke_with: str = "",
    reference: str = "",
    covers: str = "",
    note: str = "",
) -> BenefitCheck:
    """What the payer answered today. Older answers stay."""
    access.require(by, rules.KEEP_COVERAGE, coverage.client)
    answer = BenefitCheck(
        coverage=coverage, status=status, iop_covered=iop_covered, needs_authorisation=needs_authorisation, copay_cents=copay_cents,
        spoke_with=spoke_with.strip(), reference=reference.strip(), covers=covers.strip(), note=note.strip(), checked_at=at, checked_by=staff,
    )  # fmt: skip
    with trail.act("coverage.checked", by=by, at=at, about=coverage, client=coverage.client):
        answer.save()
    return answer
