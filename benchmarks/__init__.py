"""Measures the running product. `python -m benchmarks.pages --help` says how."""

PASSWORD = "footbridge benchmark"  # of every made-up account
ZONE = "America/Chicago"  # of every made-up site
