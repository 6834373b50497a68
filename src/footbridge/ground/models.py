"""Every table of the ground, gathered for Django. The tables themselves stand in their rooms."""

from .consent.models import Consent, ConsentGate, ConsentRevoked, CourtOrder, Told
from .coverage.models import BenefitCheck, Coverage, Estimate
from .elsewhere.models import OtherProgram
from .episodes.models import BreakGlass, CareTeamMember, Episode
from .instruments.models import Answer, InstrumentEdition, InstrumentRetired, OutsideScore, Score, Sheet
from .people.models import (
    Away,
    Client,
    ClientMerge,
    ContactChoice,
    Credential,
    KeptApart,
    Person,
    ReferralSource,
    RoleHeld,
    Staff,
    Supporter,
)
from .program.models import (
    ClosedDay,
    Curriculum,
    Group,
    GroupType,
    Lesson,
    LocalLine,
    Meeting,
    Organisation,
    Program,
    Room,
    Site,
    Track,
)

__all__ = [
    "Answer", "Away", "BenefitCheck", "BreakGlass", "CareTeamMember", "Client", "ClosedDay", "Consent", "ConsentGate", "ConsentRevoked", "ClientMerge", "ContactChoice",
    "CourtOrder", "Coverage", "Credential", "Curriculum", "Episode", "Estimate", "Group", "GroupType", "InstrumentEdition", "InstrumentRetired", "Lesson", "LocalLine", "Meeting",
    "KeptApart", "Organisation", "OtherProgram", "OutsideScore", "Person", "Program", "ReferralSource", "RoleHeld", "Room", "Score", "Sheet", "Site", "Staff", "Supporter", "Told", "Track",
]
