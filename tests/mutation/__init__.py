"""Whether the tests bite: small faults, put into the code one at a time, that some test has to find.

``python -m tests.mutation`` draws them at random. What it is for, and its last figures, are in ``tests/README.md``.
"""
