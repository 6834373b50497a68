"""What the forecast is reckoned from: who is in each track, who comes, how long people stay and how many leave early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from footbridge.care.inquiry.models import Waiting
from footbridge.care.placement.models import Admission
from footbridge.care.transitions.models import DischargeReason, Transition, TransitionKind
from footbridge.data import parsed
from footbridge.engines.timetabling import Stays, TrackNow
from footbridge.ground.program.models import Track

AS_PLANNED = {DischargeReason.COMPLETED, DischargeReason.TRANSFERRED}


@dataclass(frozen=True, slots=True)
class Known:
    """A track as the forecast sees it. `own`: stays and drop-outs are the program's own, from `ended` stays, else the published ones."""

    track: Track
    now: TrackNow
    stays: Stays
    own: bool
    ended: int
    early: int


@dataclass(frozen=True, slots=True)
class _Stay:
    track: int
    program: int
    starts_on: date
    ends_on: date | None
    reason: str

    def days(self, until: date) -> int:
        return max(1, ((self.ends_on or until) - self.starts_on).days)


def gather(today: date, tracks: Sequence[Track]) -> list[Known]:
    """One line for each track. A program's tracks share its stays: a track alone has too few."""
    told = parsed("forecast")
    stays = _stays(today, tracks)
    waits = _waiting(tracks)
    since = today - timedelta(weeks=told["admissions_weeks"])
    out = []
    for track in tracks:
        here = [s for s in stays if s.track == track.pk]
        inside = [s for s in here if s.starts_on <= today and (s.ends_on is None or s.ends_on > today)]
        coming = sum(1 for s in here if s.starts_on > today)
        came = sum(1 for s in here if since < s.starts_on <= today)
        now = TrackNow(
            code=str(track.uid), places=track.places, days_in_care=tuple(s.days(today) for s in inside), waiting=waits[track.pk] + coming,
            admissions_a_week=came / told["admissions_weeks"],
        )  # fmt: skip
        out.append(Known(track, now, *_learned([s for s in stays if s.program == track.program_id], today)))
    return out


def _stays(today: date, tracks: Sequence[Track]) -> list[_Stay]:
    since = today - timedelta(days=round(30.44 * parsed("forecast")["history_months"]))
    admitted = Admission.objects.filter(track__in=tracks, starts_on__gte=since - timedelta(days=365)).values_list(
        "episode", "track", "track__program", "starts_on", "episode__ended_at"
    )
    left = {
        episode: (on, reason)
        for episode, on, reason in Transition.objects.filter(kind=TransitionKind.DISCHARGE, episode__admission__track__in=tracks).values_list(
            "episode", "effective_on", "reason"
        )
    }
    out = []
    for episode, track, program, starts_on, ended_at in admitted:
        on, reason = left.get(episode, (ended_at.date() if ended_at else None, ""))
        if on is None or on >= since:
            out.append(_Stay(track, program, starts_on, on, reason))
    return out


def _learned(stays: Iterable[_Stay], today: date) -> tuple[Stays, bool, int, int]:
    """(stays, whether they are the program's own, how many ended, how many of these early)."""
    told = parsed("forecast")
    stays = list(stays)
    ended = [s for s in stays if s.ends_on is not None and s.ends_on <= today and s.starts_on < s.ends_on]
    planned = [s.days(today) for s in ended if s.reason in AS_PLANNED]
    early = len(ended) - len(planned)
    if len(planned) < told["enough"]:
        return Stays(tuple(told["stays_days"]), told["drop_out_a_week"]), False, len(ended), early
    weeks = sum(s.days(today) for s in stays if s.starts_on <= today) / 7
    return Stays(tuple(planned), min(1.0, early / weeks)), True, len(ended), early


def _waiting(tracks: Sequence[Track]) -> Counter[int]:
    """People on the waiting list by track. Those who named none are spread over the tracks in turn."""
    open_ones = Waiting.objects.filter(ended_at__isnull=True, inquiry__closed__isnull=True).values_list("track", flat=True)
    found = Counter(track for track in open_ones if track is not None)
    unnamed = sum(1 for track in open_ones if track is None)
    found.update(tracks[n % len(tracks)].pk for n in range(unnamed if tracks else 0))
    return found
