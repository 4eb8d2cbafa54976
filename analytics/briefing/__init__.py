"""The briefing: a picture, slides and papers that go into the meeting as they are, drawn from one release."""

from analytics.briefing.composing import briefing_of
from analytics.briefing.content import Briefing

__all__ = ["Briefing", "briefing_of"]
