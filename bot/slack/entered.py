"""Entered: what a person left in a form, read in one way for all forms."""

from collections.abc import Mapping
from typing import Any


class Entered:
    """The fields of a submitted view, by block_id; each input block holds one element.

    Some clients report a field that nobody touched as empty, though it showed something: what must be filled in then counts as shown.
    """

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Any] = view["state"]["values"]
        self._drawn: Mapping[str, Mapping[str, Any]] = {block.get("block_id"): block for block in view.get("blocks", ())}

    def text(self, block: str) -> str:
        """What was written; empty where nothing was, or where there is no such field."""
        return str(self._of(block, "value", "initial_value") or "")

    def chosen(self, block: str) -> str:
        """The value of the option of a menu."""
        return str((self._of(block, "selected_option", "initial_option") or {}).get("value", ""))

    def ticked(self, block: str) -> list[str]:
        """The values of the ticked boxes."""
        return [str(option["value"]) for option in self._of(block, "selected_options", "initial_options") or ()]

    def day(self, block: str) -> str:
        """The date of a picker, as 2026-11-23."""
        return str(self._of(block, "selected_date", "initial_date") or "")

    def _of(self, block: str, reported: str, shown: str) -> Any:
        no_element: dict[str, Any] = {}
        fields = self._values.get(block, no_element)
        entered = next(iter(fields.values()), no_element).get(reported)
        drawn: Mapping[str, Any] = self._drawn.get(block, {})
        return entered if entered or drawn.get("optional") else (drawn.get("element") or no_element).get(shown)
