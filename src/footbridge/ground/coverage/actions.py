"""Who pays, and what the payer said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from footbridge.ground.people.models import Client, Staff
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules
from .models import BenefitCheck, Coverage, Estimate, EstimateHow

# One estimate covers services that come again and again for at most a year (45 CFR 149.610(b)(1)(x)). [K] Re-read before relying on it.
LONGEST = timedelta(days=366)


class CannotEstimate(access.Refusal):
    """Nothing is priced, or the days do not fit."""


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


def estimate(
    client: Client,
    *,
    lines: Sequence[Mapping[str, Any]],
    for_from: date,
    for_until: date,
    how: str,
    given_on: date,
    today: date,
    by: Actor,
    at: datetime,
    diagnosis: str = "",
    numbers: str = "",
    asked_on: date | None = None,
) -> Estimate:
    """A good-faith estimate is given in writing, to somebody who pays alone. The same again within a minute is one."""
    access.require(by, rules.KEEP_COVERAGE, client)
    kept: list[dict[str, Any]] = [{"what": str(one["what"]).strip(), "code": str(one["code"]).strip(), "times": int(one["times"]), "cents": int(one["cents"])} for one in lines]
    if not kept or any(not one["what"] or one["times"] < 1 or one["cents"] < 0 for one in kept):
        raise CannotEstimate(_("Write at least one service, how often it is expected, and its price."), field="what_1")
    if for_until < for_from:
        raise CannotEstimate(_("The last day must not lie before the first."), field="for_until")
    if for_until - for_from > LONGEST:
        raise CannotEstimate(_("An estimate covers at most a year. Make a new one for the time after it."), field="for_until")
    if given_on > today:
        raise CannotEstimate(_("The day it was given must be today or before."), field="given_on")
    row = Estimate(
        client=client, lines=kept, total_cents=sum(one["times"] * one["cents"] for one in kept), diagnosis=diagnosis.strip(), numbers=numbers.strip(),
        for_from=for_from, for_until=for_until, asked_on=asked_on, how=EstimateHow(how).value, given_on=given_on, by_id=by.as_staff, at=at,
    )  # fmt: skip
    with trail.act("coverage.estimated", by=by, at=at, about=client, client=client, detail={"total_cents": row.total_cents}):
        last = client.estimates.order_by("-at", "-id").first()
        same = ("lines", "for_from", "for_until", "how", "given_on", "by_id", "diagnosis", "numbers", "asked_on")
        if last is not None and (at - last.at).total_seconds() < 60 and all(getattr(last, name) == getattr(row, name) for name in same):
            found: Estimate = last
            return found
        row.save()
    return row
