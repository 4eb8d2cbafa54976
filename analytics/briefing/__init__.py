"""The briefing: a picture, slides and papers that go into the meeting as they are, drawn from one release."""

from analytics.briefing.content import Briefing, briefing_of

__all__ = ["Briefing", "briefing_of"]
