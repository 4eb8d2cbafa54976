"""What is seeded and long: laws that the suite tries on a few drawn cases, tried on many.

``python -m tests.long`` lists the runs, ``python -m tests.long NAME`` makes one. Their last figures are in
``tests/README.md``.
"""
