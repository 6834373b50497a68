"""The sentences of engines/minors in the reader's language. A test holds that none is missing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "minors.no_birth_date": _("There is no birth date on record. Nobody is granted anything by law before there is one."),
    "minors.age_unknown": _("There is no birth date on record, and minors come here. Write the birth date first; until then a parent must agree too."),
    "minors.adult": _("An adult since %(day)s: signs alone, and nobody sees anything without their consent."),
    "minors.no_rule": _("We know no rule of %(state)s for %(service)s: a parent must agree too. The program can ask a lawyer and add the rule."),
    "minors.too_young": _("In %(state)s a person may agree alone to %(service)s from age %(age)s on. Here a parent must agree too. (%(source)s)"),
    "minors.only_for": _("In %(state)s a minor agrees alone to %(service)s only for: %(only_for)s. Else a parent must agree too. (%(source)s)"),
    "minors.limit": _(
        "In %(state)s a minor agrees alone to %(service)s for %(sessions)s sessions of %(minutes)s minutes. This is more, or it is not known: "
        "a parent must agree too. (%(source)s)"
    ),
    "minors.alone": _("In %(state)s a minor of %(age)s or older agrees alone to %(service)s. (%(source)s)"),
    "minors.part2_alone": _("Only the minor may agree to anything being told, also to a parent. (42 CFR 2.14) [K]"),
    "minors.part2_both": _("Nothing is told, not even to a parent, unless the minor agrees. A parent signs too. (42 CFR 2.14) [K]"),
    "minors.by_law": _("A parent who agreed to the care may see the record. (45 CFR 164.502(g)) [K]"),
    "minors.minor_decides": _("What a minor may agree to alone, a parent sees only when the minor agrees. (45 CFR 164.502(g)(3)) [K]"),
    "minors.court": _("A court order takes this away."),
    "minors.only_the_client": _("Only with the client's own signature."),
    "minors.notes_tell_all": _("Notes can speak of anything. They open only together with alcohol and drugs, sexual health and answers about suicide."),
    "minors.not_yet": _("Begins on %(day)s."),
    "minors.ended": _("Ended on %(day)s."),
    "minors.of_age": _("Ended by age on %(day)s."),
    "minors.not_signed": _("Has not signed: %(who)s."),
}
