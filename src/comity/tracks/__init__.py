"""One file per kind of cooperation: declarations only.

A file here that defines `TRACK` is a track; naming it in `TRACKS` is all that its pages, forms, API, commands, clocks,
exchange and measures need.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from comity.core.track import Track
from comity.tracks import repatriation

TRACKS: Mapping[str, Track] = MappingProxyType({track.name: track for track in (repatriation.TRACK,)})
