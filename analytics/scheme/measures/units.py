"""The units in which values are written."""

from __future__ import annotations

from analytics.scheme.basics import required
from analytics.scheme.measures.spec import IndicatorView, Unit
from analytics.words import KeptPhrase, Phrase, phrase

_SCALES_WITH_WORDS = (1, 100, 1000, 10000)


def _whole(indicator: IndicatorView, value: float) -> Phrase:
    return _counted(indicator, f"{value:,.0f}") or phrase(f"figures.number_{indicator.source}", value=f"{value:,.0f}")


def _percent(indicator: IndicatorView, value: float) -> Phrase:  # noqa: ARG001 - the same for all
    return phrase("figures.number", value=f"{value:.0%}")


def _figure(indicator: IndicatorView, value: float) -> Phrase:
    written = f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.3g}"
    return _counted(indicator, written) or phrase("figures.number", value=written)


def _counted(indicator: IndicatorView, number: str) -> Phrase | None:
    """A number with the unit that the scheme names, if it names one: 3例, 3 cases."""
    if indicator.unit is None:
        return None
    one, _, many = indicator.unit.en.partition("/")
    unit = KeptPhrase("", texts={"zh": indicator.unit.zh, "en": one if number == "1" else many or one})
    return phrase("figures.percentage" if indicator.unit.en == "%" else "figures.number_of", value=number, unit=unit)


def _days(indicator: IndicatorView, value: float) -> Phrase:
    capped = value >= required(indicator.days_since).cap
    return phrase("figures.days_capped" if capped else "figures.days", value=f"{value:.0f}")


def _per_100_checks(indicator: IndicatorView, value: float) -> Phrase:  # noqa: ARG001 - the same for all
    return phrase("figures.rate_100", value=f"{value:,.1f}", base=phrase("figures.per_checks"))


def _per_denominator(indicator: IndicatorView, value: float) -> Phrase:
    per = required(indicator.per)
    if (indicator.source, per.base, per.scale) == ("residents", "population", 100):  # a part of the same people
        return phrase("figures.percentage", value=f"{value:,.1f}")
    scale = int(per.scale) if per.scale == int(per.scale) else per.scale
    entry = f"figures.rate_{scale}" if scale in _SCALES_WITH_WORDS else "figures.rate"
    return phrase(entry, value=f"{value:,.1f}", base=phrase(f"figures.per_{per.base}"), scale=f"{scale:,}")


_OF_A_UNIT = ("figures.number_of", "figures.percentage")

WHOLE_NUMBER = Unit(
    words=(
        *("figures.number_incidents", "figures.number_checks", "figures.number_places", "figures.number_residents"),
        *_OF_A_UNIT,
    ),
    write=_whole,
    is_the_count=True,
)
"""``1,200 incidents``, or of the unit that the indicator names."""

FIGURE = Unit(words=("figures.number", *_OF_A_UNIT), write=_figure, is_the_count=True)
"""A number of which nothing is known but the unit that the indicator may name: ``12.5``, ``0.0312``, ``23%``."""

PERCENT = Unit(words=("figures.number",), write=_percent, is_the_count=False)
"""A value from 0 to 1 in per cent: ``62%``."""

DAYS_TO_CAP = Unit(words=("figures.days", "figures.days_capped"), write=_days, is_the_count=False)
"""``3 days``, and ``28 days or more`` at the cap of ``days_since``."""

PER_100_CHECKS = Unit(words=("figures.rate_100", "figures.per_checks"), write=_per_100_checks, is_the_count=False)
"""``12.5 per 100 checks``."""

PER_DENOMINATOR = Unit(
    words=(
        *("figures.rate", "figures.rate_1", "figures.rate_100", "figures.rate_1000", "figures.rate_10000"),
        *(
            "figures.percentage",
            "figures.per_population",
            "figures.per_households",
            "figures.per_buildings",
            "figures.per_shops",
        ),
    ),
    write=_per_denominator,
    is_the_count=False,
)
"""``8.2 per 1,000 residents``: the scale and the column that ``per`` names; residents of each 100 are ``16.6%``."""
