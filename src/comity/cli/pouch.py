"""The pouch."""

from __future__ import annotations

from comity.cli.frame import Noun
from comity.core.text import Text

POUCH = Noun("pouch", Text("Exchange by a file carried by hand", "以人工携带的文件进行交换"))
