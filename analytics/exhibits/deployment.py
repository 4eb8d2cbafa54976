"""Who works where as tables: the teams of each community, and the areas with the team that takes each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, pending_table
from analytics.response.deployment import Deployment
from analytics.wording.deployment import area_rows
from analytics.wording.numbers import NOTHING
from analytics.words import Language, say

COLUMNS = ("tier", "community", "team", "who", "hours", "uncovered")


def deployment(
    lang: Language, caption: CaptionMaker, found: Deployment, names: pd.Series, called: Mapping[str, str]
) -> PendingExhibit:
    """:func:`deployment_table`."""
    make = partial(deployment_table, lang, found, names, called)
    return pending_table(lang, "deployment.exhibit", caption, make)


def deployment_table(lang: Language, found: Deployment, names: pd.Series, called: Mapping[str, str]) -> pd.DataFrame:
    """The areas of which something is asked, those with most work first: team, hours, and whether it is another's.
    ``names`` of areas; ``called``: communities and teams by their ids."""
    rows = area_rows(lang, found, names, called)
    index = pd.Index([row["area"] for row in rows], name=say(lang, "deployment.area"))
    columns = {say(lang, f"deployment.{name}"): [row[name] for row in rows] for name in COLUMNS}
    return pd.DataFrame(columns, index=index)


def communities(lang: Language, caption: CaptionMaker, teams: pd.Series, called: Mapping[str, str]) -> PendingExhibit:
    """:func:`communities_table`."""
    return pending_table(lang, "deployment.exhibit_plan", caption, partial(communities_table, lang, teams, called))


def communities_table(lang: Language, teams: pd.Series, called: Mapping[str, str]) -> pd.DataFrame:
    """The plan as the office has it: the teams of each community, a dash where there is none."""
    said = [
        say(lang, "overview.names", names=[called.get(team, team) for team in own]) if own else NOTHING for own in teams
    ]
    index = pd.Index([called.get(one, one) for one in teams.index], name=say(lang, "deployment.community"))
    return pd.DataFrame({say(lang, "deployment.teams"): said}, index=index)
