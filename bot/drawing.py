"""Drawing: has the digest's charts drawn by a child process, which is gone afterwards; what goes wrong there costs the pictures only."""

import json
import logging
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

from bot.digest_charts import Chart, Picture

log = logging.getLogger("privacybot.drawing")

_HERE = str(Path(__file__).parent.parent)
_SECONDS = 120
"""The first time, on a slow machine, matplotlib looks through all its fonts."""


def draw(charts: Sequence[Chart]) -> list[Picture]:
    """The pictures, in the order of the charts; none at all where they can't be drawn: the digest says everything in text, too."""
    if not charts:
        return []
    asked = json.dumps([chart.drawing for chart in charts])
    # nobody needs a secret to draw
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PRIVACYBOT_")}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (_HERE, environment.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.charts"], input=asked, capture_output=True, text=True, timeout=_SECONDS, check=True, env=environment
        )
        drawn = [b64decode(one, validate=True) for one in json.loads(done.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.error("the digest's charts could not be drawn (%s); it goes out without them", type(error).__name__)
        return []
    return [Picture(chart, png) for chart, png in zip(charts, drawn, strict=True)]
