"""The parts of ``make_demo_street.py``: the plan of the street, its names, its people, and what happens there."""
