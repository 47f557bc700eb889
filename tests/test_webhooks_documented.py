"""docs/webhooks.md: its example bodies have the fields of real ones, and its snippet verifies a real request."""

import json
import re
from pathlib import Path
from typing import Any

from intents.catalog import Intent
from tests.builders import Bench, sqlite_url
from tests.filing import close, opened
from tests.webhook_receiver import SECRET, Receiver

TEXT = (Path(__file__).parent.parent / "docs" / "webhooks.md").read_text("utf-8")
EXAMPLES = {example["type"]: example for example in map(json.loads, re.findall(r"```json\n(.*?)\n```", TEXT, re.DOTALL))}


def test_the_examples_look_like_real_events_and_the_snippet_verifies_them(tmp_path: Path) -> None:
    with Receiver() as receiver:
        hook = {"url": receiver.url}
        bench = Bench(sqlite_url(tmp_path), suppression={"webhook": hook}, webhooks=[{"name": "crm", **hook}])
        reference = opened(bench, Intent.ACCESS, Intent.UNSUBSCRIBE)
        close(bench, reference, access="fulfilled", letter=False)
        for name in ("suppression", "crm"):
            bench.app.deliver_to(name)
        bench.app.deliver_to("crm")
        bench.close()
        for event in receiver.events:
            assert list(event) == list(EXAMPLES[event["type"]]), event["type"]
            if "requests" in event:
                assert list(event["requests"][0]) == list(EXAMPLES[event["type"]]["requests"][0])
        assert set(receiver.types()) == {"suppressed", "opened", "changed", "closed"}
        assert set(EXAMPLES) == {"suppressed", "lifted", "opened", "changed", "due_soon", "closed"}
        snippet: dict[str, Any] = {}
        exec(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)[0], snippet)
        is_genuine, at = snippet["is_genuine"], bench.clock().timestamp()
        for taken in receiver.taken:
            assert is_genuine(SECRET, taken.headers, taken.body, at)
            assert not is_genuine(SECRET, taken.headers, taken.body + b" ", at)
            assert not is_genuine(SECRET, taken.headers, taken.body, at + 301)
            assert not is_genuine("another", taken.headers, taken.body, at)
