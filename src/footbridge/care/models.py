"""Every table of care, gathered for Django in the order of care. The tables themselves stand in their stages."""

from .safety.models import Alarm, AlarmSeen, AlarmHanded, AlarmClosed, RiskAssessment, SafetyPlan, SafetyPlanLine
from .inquiry.models import Inquiry, ContactAttempt, InquiryClosed, Waiting
from .screening.models import Screen, ScreenFact, FreeHours
from .placement.models import Assessment, DimensionRating, Decision, Admission
from .plan.models import Plan, Problem, Goal, Objective, Intervention, PlanSignature
from .medication.models import Medication, Allergy, ListStatement, Reconciliation, ReconciledItem
from .timetable.models import Place, WeeklyVisit, Session, Booking
from .sessions.models import Attendance, SessionNote, NotePart, NoteSignature, NoteAmendment
from .practice.models import Assignment, PracticeLog, PracticeComment, CheckIn
from .measures.models import CourseAlert, CourseAlertClosed
from .reviews.models import PlanReview, ObjectiveProgress
from .transitions.models import Transition, RelapsePreventionPlan, Arrival
from .aftercare.models import FollowUp

__all__ = [
    "Admission",
    "Alarm",
    "AlarmClosed",
    "AlarmHanded",
    "AlarmSeen",
    "Allergy",
    "Arrival",
    "Assessment",
    "Assignment",
    "Attendance",
    "Booking",
    "CheckIn",
    "ContactAttempt",
    "CourseAlert",
    "CourseAlertClosed",
    "Decision",
    "DimensionRating",
    "FollowUp",
    "FreeHours",
    "Goal",
    "Inquiry",
    "InquiryClosed",
    "Intervention",
    "ListStatement",
    "Medication",
    "NoteAmendment",
    "NotePart",
    "NoteSignature",
    "Objective",
    "ObjectiveProgress",
    "Place",
    "Plan",
    "PlanReview",
    "PlanSignature",
    "PracticeComment",
    "PracticeLog",
    "Problem",
    "ReconciledItem",
    "Reconciliation",
    "RelapsePreventionPlan",
    "RiskAssessment",
    "SafetyPlan",
    "SafetyPlanLine",
    "Screen",
    "ScreenFact",
    "Session",
    "SessionNote",
    "Transition",
    "Waiting",
    "WeeklyVisit",
]
