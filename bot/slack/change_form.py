"""The form that changes what is asked, and under which law."""

from collections.abc import Sequence

from bot.clocks import regimes
from bot.law.mentions import act_of
from bot.slack.intent_boxes import intent_boxes
from bot.slack.modals import form, label
from bot.slack.text import Block

_MORE = "Each has a clock of its own. The requester is told nothing by this, unless the acknowledgement still waits."


def change(reference: str, intents: Sequence[str], regime: str, *, changes: int = 0) -> Block:
    """What is asked, and under which law; `regime` is chosen when it opens.

    `changes`: how often that was changed before, so that a form that lay open does not undo what a colleague said meanwhile.
    """
    laws = [{"text": label(act_of(name).removeprefix("the ")[:75]), "value": name} for name in regimes()][:100]
    law: Block = {"type": "static_select", "action_id": "regime", "options": laws}
    law["initial_option"] = next((option for option in laws if option["value"] == regime), laws[0])
    blocks: list[Block] = [
        *intent_boxes(intents, _MORE),
        {"type": "input", "block_id": "regime", "label": label("Law"), "element": law,
         "hint": label("The due dates are counted anew. What was read before stays in the journal.")},
    ]  # fmt: skip
    return form("change", f"{reference} {changes}", "Save", blocks, title="Change")
