"""A week for one person, found by the engine: ranked offers in which nobody else moves, or the one with the fewest moves; and, when
something cannot be had, the rules that clash and what would mend it.
"""
