"""Evidence files."""

from __future__ import annotations

from comity.cli.frame import Noun
from comity.core.text import Text

EVIDENCE = Noun("evidence", Text("Evidence files, for a court", "供法院使用的证据文件"))
