"""The five-colour risk dashboard's own work: records in, tiers out. Nothing in it knows of a browser."""

__version__ = "1.0.0"
"""Written into every release, picture and folder, so that a sentence can say which version is needed to open it."""

PROGRAM = f"five-colour dashboard {__version__}"
"""What files that are handed on name, among their properties, as the program that made them."""
