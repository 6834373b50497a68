"""Facts every stage stands on: people, program, coverage, consent, instruments, episodes. One Django app."""
