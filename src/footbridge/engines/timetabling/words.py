"""The sentences of the timetable engine in plain English. Pages may say them in other words or languages by code."""

from __future__ import annotations

from footbridge.engines.sentence import Sentence, render
from footbridge.engines.timetabling.facts import clock

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ENGLISH = {
    # why somebody may not be in a group
    "not.site": "{group} is held at another site, {site}.",
    "not.track": "{group} belongs to the track {track}.",
    "not.needed": "{client} does not need a group of the kind {kind}.",
    "not.condition": "{group} is for {condition}.",
    "not.mode": "{group} is held {mode}, which {client} did not choose.",
    "not.language": "{group} is held in {language}.",
    "not.closed": "{group} is closed to new people.",
    "not.heard": "{client} has heard lesson {lesson} of {group}.",
    # goals missed
    "unmet.need": "{client} has {missing} of {count} missing: {kind}.",
    "unmet.cut": "{client}: {missing} meetings of their groups are not held.",
    "unmet.hours": "{client} is {short} minutes short of {minutes} a week.",
    "unmet.days": "{client} comes on {missing} days fewer than the {days} asked.",
    "unmet.short_day": "{client} has {missing} days with fewer than {minutes} minutes.",
    "unmet.days_off": "{client} has more than {days} days in a row without care.",
    "wish.primary": "{client} is not seen by their own therapist, {staff}.",
    "wish.same_group": "{client} leaves last week's group {group}.",
    "wish.prefers": "{client} would like {group}.",
    "wish.avoids": "{client} would rather not be in {group}.",
    "wish.together": "{client} and {other} support each other and share no group.",
    "wish.gap": "{client} waits {blocks} blocks on {day}.",
    "wish.single": "{client} comes on {day} for one service only.",
    "wish.topic": "{client} has {topic} twice on {day}.",
    "economy.held": "{group} is held: {meetings} meetings.",
    "economy.thin": "{group} has only {people} people.",
    "economy.crowded": "{group} has {people} people.",
    "economy.load": "{staff} has the fullest week, {hours} hours.",
    "moved.person": "{client} gets another week.",
    "moved.meeting": "Meeting {number} of {group} moves or is not held.",
    "moved.leader": "Meeting {number} of {group} has another leader.",
    # hard rules broken
    "breach.unknown": "{about} is not known.",
    "breach.twice_member": "{about} is listed twice in {group}.",
    "breach.twice_at_once": "{about} is in two places at once: {one} and {other}.",
    "breach.travel": "{about} needs {minutes} minutes between {one} and {other}, which are at two sites.",
    "breach.closed_day": "{about} is closed at {at}.",
    "breach.staff_hours": "{about} does not work at {at}.",
    "breach.room_hours": "{about} cannot be used at {at}.",
    "breach.client_hours": "{about} cannot come at {at}.",
    "breach.meeting_twice": "Meeting {number} of {about} stands twice.",
    "breach.not_held": "{about} has {people} people and is not held.",
    "breach.pattern": "{about} is held at a time that is none of its own.",
    "breach.bundle_days": "{about} meets twice on one day.",
    "breach.too_few": "{about} has {people} people and needs {least}.",
    "breach.too_many": "{about} has {people} people and takes {most}.",
    "breach.not_qualified": "{about} may not hold this.",
    "breach.no_room": "{about} has no room.",
    "breach.wrong_room": "{about} is not a room for this.",
    "breach.room_too_small": "{about} has {seats} seats for {people} people of {group}.",
    "breach.other_track": "{about} does not belong to the track of {group}.",
    "breach.other_condition": "{group} is not for the conditions of {about}.",
    "breach.other_mode": "{about} did not choose to come this way.",
    "breach.other_language": "{about} does not share the language.",
    "breach.closed_group": "{group} is closed; {about} is not a member.",
    "breach.must_not_meet": "{about} must not meet {other}.",
    "breach.too_many_groups": "{about} is in more than {most} groups of the kind {kind}.",
    "breach.lesson_twice": "{about} would hear a lesson of {curriculum} twice.",
    "breach.lesson_order": "{about} would hear lessons of {curriculum} out of order.",
    "breach.visit_not_asked": "{about} has a visit nobody asked for: {kind}.",
    "breach.visit_length": "{about} has a visit of the wrong length: {kind}.",
    "breach.visit_twice_a_day": "{about} has two visits of the kind {kind} on one day.",
    "breach.mixed_modes": "{about} would come in person and by video on {day}.",
    "breach.long_day": "{about} has more than {most} minutes on {day}.",
    "breach.long_week": "{about} has {minutes} minutes in the week, at most {most}.",
    "breach.groups_a_day": "{about} leads more than {most} groups on {day}.",
    "breach.caseload": "{about} sees {people} people, at most {most}.",
    "breach.kept": "{about}: something that was promised is gone.",
    # rules that clash
    "rule.free": "{client} is free only at these hours on {day}.",
    "rule.away": "{client} cannot come on {day}.",
    "rule.full": "Full, {kind}: {which}.",
    "rule.not_held": "Not held, {kind}: {which}.",
    "rule.staff_busy": "Working hours and full diaries, {kind}: {which}.",
    "rule.caseload": "Full caseloads, {kind}: {which}.",
    "rule.office": "Every office is taken at some of the hours.",
    "rule.apart": "{client} must not meet somebody in {group}.",
    "rule.not_staff": "{client} must not meet {staff}.",
    "rule.long_day": "{client} has at most {most} minutes a day.",
    "rule.mixed_modes": "{client} does not come in person and by video on one day.",
    "rule.one_place": "{client} cannot be in two places at once.",
    "rule.wanted": "{client} is to have {count}: {kind}.",
    "rule.hours": "{client} is to have {minutes} minutes a week.",
    "rule.days": "{client} is to come on {days} days.",
    "rule.lessons": "Lessons of {curriculum} are heard in order, and none twice.",
    # changes that would mend it
    "change.seat": "One more place in {group}.",
    "change.hold": "Hold {group}.",
    "change.client": "{client} on {day} from {start} to {end}.",
    "change.staff": "{staff} on {day} from {start} to {end}.",
    "change.caseload": "One more person for {staff}.",
    "change.office": "One more office on {day} from {start} to {end}.",
    # offers
    "offer.complete": "Everything needed fits.",
    "offer.missing": "Missing: {count} of the kind {kind}.",
    "offer.minutes": "{minutes} minutes on {days} days.",
    "offer.own_therapist": "Individual hours with the own therapist, {staff}.",
    "offer.other_therapist": "Individual hours with {staff}.",
    "offer.track": "In the track {track}.",
    "offer.moves": "{people} other people move.",
    "offer.nobody_moves": "Nobody else moves.",
    # what a repair does
    "repair.cover": "{staff} covers {group} on {day} at {start}.",
    "repair.room": "{group} meets in {room} on {day} at {start}.",
    "repair.moved": "{group} moves from {day} {start} to {to_day} {to_start}.",
    "repair.cancelled": "{group} is not held on {day} at {start}.",
    "repair.joined": "{client} goes to {group}.",
    "repair.left": "{client} leaves {group}.",
    "repair.visit_moved": "{client}: {kind} visit moves from {day} {start} to {to_day} {to_start} with {staff}.",
    "repair.visit_cancelled": "{client}: no {kind} visit this week.",
    "repair.visit_added": "{client}: {kind} visit on {day} at {start} with {staff}.",
    "told.staff_lead": "You lead {group} on {day} at {start}.",
    "told.staff_not_lead": "You do not lead {group} on {day} at {start}.",
    "told.staff_visit": "You see {client} on {day} at {start}.",
    "told.staff_no_visit": "You do not see {client} on {day} at {start}.",
    # the waiting list
    "waiting.fits": "{client} fits {track}.",
    "waiting.urgency": "Urgency {urgency}, waiting for {days} days.",
    "waiting.missing": "Would still miss {missing} needs.",
}


def english(sentence: Sentence) -> str:
    params = dict(sentence.params)
    for name, into in (("weekday", "day"), ("to_weekday", "to_day")):
        day = params.get(name)
        if isinstance(day, int):
            params[into] = _DAYS[day]
    for name in ("start", "end", "to_start"):
        at = params.get(name)
        if isinstance(at, int):
            params[name] = clock(at)
    for name in ("kind", "mode", "condition"):
        if name in params:
            params[name] = str(params[name]).replace("_", " ")
    return render(Sentence(sentence.code, params), _ENGLISH)


def codes() -> tuple[str, ...]:
    return tuple(_ENGLISH)
