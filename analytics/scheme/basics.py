"""What every part of a scheme is made of: strict frozen models, numbers and ids within bounds, texts in two
languages."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analytics.words import Language

Operator = Literal[">=", ">", "<=", "<", "==", "!="]
Identifier = Annotated[str, Field(pattern=r"^\w+$", max_length=64)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Points = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]

Held = TypeVar("Held")


def required(held: Held | None) -> Held:
    """What may be absent, where it is known to be there: a setting that the measure needs, or what was asked before."""
    assert held is not None
    return held


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Strict):
    """One text in both languages."""

    zh: str = Field(min_length=1, max_length=400)
    en: str = Field(min_length=1, max_length=400)

    def text(self, lang: Language) -> str:
        """The ``lang`` side."""
        return self.zh if lang == "zh" else self.en


class Named(Strict):
    """Something with an id, and a name that is the id where none is given."""

    id: Identifier
    name: Bilingual

    @model_validator(mode="before")
    @classmethod
    def _name_is_id(cls, data: object) -> object:
        if isinstance(data, dict) and "name" not in data and isinstance(data.get("id"), str):
            return data | {"name": {"zh": data["id"], "en": data["id"]}}
        return data
