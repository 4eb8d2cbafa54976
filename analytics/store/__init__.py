"""The records on disk, and the counts of them, which are all that scoring sees."""

from analytics.store.adding import Added
from analytics.store.commits import Load
from analytics.store.counts import Counts
from analytics.store.home import HOME_SETTING
from analytics.store.loading import load_into
from analytics.store.parts import Part
from analytics.store.store import Store, counts_of

__all__ = ["HOME_SETTING", "Added", "Counts", "Load", "Part", "Store", "counts_of", "load_into"]
