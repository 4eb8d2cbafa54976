"""Exhibits: each table, chart and map that can be taken along, once: its title, table, cut-off, filters and source.

An exhibit is a value; nothing here knows how it is set or painted. A module has the exhibits of one page.
"""
