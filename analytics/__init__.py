"""The five-colour risk dashboard's own work: records in, tiers out. Only `session` knows of a browser."""

__version__ = "1.0.0"
"""Written into every release, picture and folder, so that a sentence can say which version is needed to open it."""
