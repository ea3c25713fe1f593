"""May this pack be loaded: is it whole, lawful, without contradiction, and does its path lead through?

`check` asks three questions of a pack, each in a module of its own: what do its values say (`values`), what does the
law ask for (`law`), and how far does a household come along the path under it (`walk`)? Each finding comes with the
shortest example timeline that shows the fault, found by a bounded search over the core itself (`search`).
"""

from domain.check.finding import Finding, Kind, Moment
from domain.check.law import Floor, Law, Measure
from domain.check.search import check

__all__ = ["Finding", "Floor", "Kind", "Law", "Measure", "Moment", "check"]
