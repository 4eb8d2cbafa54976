"""Wording: values → sentences, labels, names and numbers for people, as plain text in one language.

Nothing here knows how a text is set: pages, charts, tables, slides and the shell all take the same words from here, so
that they cannot say different things of one value. A module is a topic.
"""
