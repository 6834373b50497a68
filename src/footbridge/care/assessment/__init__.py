"""The biopsychosocial assessment: who this person is, section by section, and the diagnoses."""
