"""Invented people and their sentences. Any likeness to a real person is chance."""

from __future__ import annotations

FIRST = [
    "Abel", "Adela", "Aiko", "Amir", "Anouk", "Ari", "Beata", "Benno", "Camila", "Carys", "Chidi", "Dalia", "Dario", "Deniz", "Elif", "Emeka",
    "Esme", "Farah", "Felix", "Fern", "Gita", "Goran", "Hana", "Hugo", "Ilse", "Imani", "Iris", "Jalen", "Janko", "June", "Kaia", "Kofi", "Lars",
    "Leila", "Lior", "Luz", "Maren", "Mateo", "Mila", "Nadia", "Nils", "Noor", "Odell", "Olga", "Otis", "Paloma", "Petra", "Quinn", "Rafa", "Remy",
    "Rosa", "Sable", "Selma", "Simi", "Taro", "Tess", "Uma", "Vera", "Viggo", "Wren", "Xenia", "Yara", "Yusuf", "Zora", "Zuri",
]  # fmt: skip
LAST = [
    "Abbott", "Aguirre", "Banerjee", "Castillo", "Dahl", "Eze", "Farkas", "Gallo", "Haddad", "Iversen", "Jansen", "Kaya", "Lindgren", "Moreau",
    "Nakata", "Oduya", "Pereira", "Quist", "Rahimi", "Sandoval", "Takeda", "Ueda", "Varga", "Wolff", "Xiong", "Yilmaz", "Zielinski",
]  # fmt: skip

WISHES = {
    "mood": ["I cannot get up in the morning and I am scared to lose my job.", "Everything is gray since spring. Weekly therapy is not enough.", "I came out of the hospital and do not want to go back."],
    "trauma_anxiety": ["I avoid more and more. I want my days back.", "I sleep three hours and jump at every sound.", "Panic on the bus, panic at work. I need more than one hour a week."],
    "substance_use": ["I stopped for six weeks and then drank again. I want help to stay with it.", "Pills and wine every night. My family asked me to call.", "I left detox last week and home is quiet in a bad way."],
}  # fmt: skip
GOALS = {
    "mood": "I want to get up at seven and take my daughter to school.",
    "trauma_anxiety": "I want to ride the train to work without getting off.",
    "substance_use": "I want to drive my kids on a Saturday and be clear in my head.",
}
SUMMARY = {
    "mood": "Came with low mood, early waking and missed work. Took part in groups and weekly individual sessions.",
    "trauma_anxiety": "Came with fear, avoidance and short nights. Practiced grounding and climbed most of a ladder of avoided things.",
    "substance_use": "Came after a return to use. Worked on what sets it off, on hard days, and on people to call.",
}
GROUP_NOTES = {
    "process": "Opened with a short check-in. The group talked about asking for help before things get hard, and what makes that difficult. Members gave each other feedback on one step each had taken.",
    "skills": "Reviewed practice from the last meeting, taught today's skill in three steps, and practiced it in pairs.",
    "education": "Short talk with questions. Members named one thing they want to ask their prescriber or therapist.",
    "relapse_prevention": "Members mapped one hard day of the coming week and wrote down who they will call.",
    "peer": "Led by a peer specialist. Members spoke about first weeks and what helped them stay.",
    "individual": "Went over the week, the scores and the practice. Agreed on one step until next time.",
}
NOBODY_CAME = "Did not attend. Called in the way they chose; will ask again at the next group."
PARTS = [
    "Shared an example from home and listened to feedback.",
    "Spoke little at first, then named one worry and one plan for it.",
    "Gave another member a thoughtful answer and practiced the skill.",
    "Tired today; stayed the whole hour and took notes.",
    "Named a trigger from the weekend and what helped.",
    "Laughed for the first time in a while, by their own account.",
]
RISK = {
    "none": ("", "Lives with family; wants to get well.", "Usual care; knows the help lines."),
    "low": ("Passing thoughts of not wanting to wake up.", "Close to a sister; hopeful about the program.", "Safety plan gone over; asks at each visit."),
    "moderate": ("Thoughts of suicide without plan, recent loss.", "Children; willing to call.", "Safety plan written, means talked over, call tomorrow."),
}
SAFETY_PLAN = [
    (1, "I stop answering messages", ""), (1, "I lie awake after three", ""), (2, "Walk around the block with music", ""), (2, "Slow breathing, ten rounds", ""),
    (3, "The library on Clark Street", ""), (3, "Coffee with my sister", ""), (4, "My sister", "555-010-0142"), (4, "My neighbor", "555-010-0177"),
    (5, "My therapist at the program", "555-010-0100"), (5, "988 Lifeline", "988"), (6, "My sister keeps the extra pills", ""),
]  # fmt: skip
REFERRERS = [
    ("Lakeview Hospital, social work", "hospital"), ("Northside Family Medicine", "primary_care"), ("Harbor Counseling", "therapist"),
    ("City College student support", "school"), ("County Probation Services", "court"), ("Meridian Employee Help", "employer"),
]  # fmt: skip
