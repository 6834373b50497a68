"""Every table of care, gathered for Django in the order of care. The tables themselves stand in their stages."""

from .aftercare.models import FollowUp
from .assessment.models import AssessmentSignature, Diagnosis, DiagnosisEnded, PrincipalDiagnosis, SectionEntry
from .inquiry.models import ContactAttempt, Inquiry, InquiryClosed, NotThisClient, ReportBack, Waiting
from .measures.models import CourseAlert, CourseAlertClosed, GrowthFit, SecondEntry, Topic, TopicDone
from .medication.models import Allergy, ListStatement, Medication, ReconciledItem, Reconciliation
from .placement.models import (
    Admission,
    Assessment,
    CriteriaLicence,
    Decision,
    DimensionRating,
    OutsideResult,
    RulesSignature,
)
from .plan.models import Goal, Intervention, Objective, Plan, PlanSignature, Problem
from .practice.models import Assignment, CheckIn, PracticeComment, PracticeLog
from .reviews.models import ObjectiveProgress, PlanReview
from .safety.dispositions.models import Disposition
from .safety.incidents.models import (
    Incident,
    IncidentClosed,
    IncidentNote,
    MandatedReport,
    MandatedReportEntry,
    SafetyClock,
)
from .safety.means.models import MeansCounselling, NaloxoneOffer
from .safety.models import Alarm, AlarmClosed, AlarmHanded, AlarmSeen, RiskAssessment, SafetyPlan, SafetyPlanLine
from .screening.models import FreeHours, Screen, ScreenFact
from .sessions.models import Attendance, NoteAmendment, NotePart, NoteSignature, PartHeldBack, SessionNote
from .timetable.board.models import (
    Affected,
    DraftMeeting,
    DraftPlace,
    DraftStep,
    DraftVisit,
    PublishedChange,
    PublishedSession,
    WeekBuild,
    WeekDraft,
    WeekGoals,
    WeekPublished,
)
from .timetable.feeds.models import CalendarFeed
from .timetable.models import Booking, Place, Session, WeeklyVisit
from .transitions.hand_offs.models import HandOff, HandOffAgreed, HandOffStep
from .transitions.models import Arrival, RelapsePreventionPlan, Transition

__all__ = [
    "Admission",
    "Affected",
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
    "CalendarFeed",
    "CheckIn",
    "ContactAttempt",
    "CourseAlert",
    "CourseAlertClosed",
    "CriteriaLicence",
    "Decision",
    "Diagnosis",
    "DiagnosisEnded",
    "DimensionRating",
    "Disposition",
    "DraftMeeting",
    "DraftPlace",
    "DraftStep",
    "DraftVisit",
    "FollowUp",
    "FreeHours",
    "Goal",
    "GrowthFit",
    "HandOff",
    "HandOffAgreed",
    "HandOffStep",
    "Incident",
    "IncidentClosed",
    "IncidentNote",
    "Inquiry",
    "InquiryClosed",
    "Intervention",
    "ListStatement",
    "MandatedReport",
    "MandatedReportEntry",
    "MeansCounselling",
    "Medication",
    "NaloxoneOffer",
    "NotThisClient",
    "NoteAmendment",
    "NotePart",
    "NoteSignature",
    "Objective",
    "ObjectiveProgress",
    "PartHeldBack",
    "Place",
    "Plan",
    "PlanReview",
    "OutsideResult",
    "PlanSignature",
    "PracticeComment",
    "PracticeLog",
    "PrincipalDiagnosis",
    "Problem",
    "PublishedChange",
    "PublishedSession",
    "ReconciledItem",
    "Reconciliation",
    "RelapsePreventionPlan",
    "ReportBack",
    "RiskAssessment",
    "RulesSignature",
    "SafetyClock",
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
    "WeekBuild",
    "WeekDraft",
    "WeekGoals",
    "WeekPublished",
    "WeeklyVisit",
]
