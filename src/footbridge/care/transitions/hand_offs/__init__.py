"""The answer is "not here": a hand-off to another program, open with an owner and a next day until the person has arrived."""
