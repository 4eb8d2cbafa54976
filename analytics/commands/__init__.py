"""The commands of ``python -m analytics``, a module for each thing that is done."""
