"""What the areas of a run are called in English."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.scoring.assess import Assessment
from analytics.words.place_names import english_names


def english_places(assessment: Assessment) -> Mapping[str, str]:
    """The English names of a run's areas, and of those above them, by code."""
    own = {str(area_id): str(name) for area_id, name in assessment.areas["name"].items()}
    within = assessment.areas["parent_id"].dropna()
    parents = {str(area_id): str(above) for area_id, above in within.items()}
    return english_names({**assessment.parents, **own}, parents, assessment.english, assessment.pinyin)
