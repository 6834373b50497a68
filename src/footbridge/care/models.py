"""Every table of care, gathered for Django in the order of care. The tables themselves stand in their stages."""

from .aftercare.models import FollowUp
from .assessment.models import AssessmentSignature, Diagnosis, DiagnosisEnded, PrincipalDiagnosis, SectionEntry
from .inquiry.models import ContactAttempt, Inquiry, InquiryClosed, Waiting
from .measures.models import CourseAlert, CourseAlertClosed, GrowthFit, SecondEntry, Topic, TopicDone
from .medication.models import Allergy, ListStatement, Medication, ReconciledItem, Reconciliation
from .placement.models import Admission, Assessment, Decision, DimensionRating, RulesSignature
from .plan.models import Goal, Intervention, Objective, Plan, PlanSignature, Problem
from .practice.models import Assignment, CheckIn, PracticeComment, PracticeLog
from .reviews.models import ObjectiveProgress, PlanReview
from .safety.models import Alarm, AlarmClosed, AlarmHanded, AlarmSeen, RiskAssessment, SafetyPlan, SafetyPlanLine
from .screening.models import FreeHours, Screen, ScreenFact
from .sessions.models import Attendance, NoteAmendment, NotePart, NoteSignature, SessionNote
from .timetable.models import Booking, Place, Session, WeeklyVisit
from .transitions.models import Arrival, RelapsePreventionPlan, Transition

__all__ = [
    "Admission",
    "Alarm",
    "AlarmClosed",
    "AlarmHanded",
    "AlarmSeen",
    "Allergy",
    "Arrival",
    "Assessment",
    "AssessmentSignature",
    "Assignment",
    "Attendance",
    "Booking",
    "CheckIn",
    "ContactAttempt",
    "CourseAlert",
    "CourseAlertClosed",
    "Decision",
    "Diagnosis",
    "DiagnosisEnded",
    "DimensionRating",
    "FollowUp",
    "FreeHours",
    "Goal",
    "GrowthFit",
    "RulesSignature",
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
    "PrincipalDiagnosis",
    "Problem",
    "ReconciledItem",
    "Reconciliation",
    "RelapsePreventionPlan",
    "RiskAssessment",
    "SafetyPlan",
    "SafetyPlanLine",
    "Screen",
    "ScreenFact",
    "SecondEntry",
    "SectionEntry",
    "Session",
    "SessionNote",
    "Topic",
    "TopicDone",
    "Transition",
    "Waiting",
    "WeeklyVisit",
]
