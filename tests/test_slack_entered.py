"""What comes back of a form: fields that a client tells nothing of keep what stood in them; ticked boxes are what is asked."""

from typing import Any

from bot.slack.entered import asked, asked_fields, entered
from intents.catalog import Intent

LAW = {"type": "static_select", "action_id": "law", "initial_option": {"value": "eu_gdpr"}}


def view(element: dict[str, Any], held: dict[str, Any], **block: Any) -> dict[str, Any]:
    return {"blocks": [{"type": "input", "block_id": "law", "element": element, **block}], "state": {"values": {"law": {"law": held}}}}


def test_a_required_field_that_nobody_touched_keeps_what_stood_in_it() -> None:
    assert entered(view(LAW, {"selected_option": None}))["law"]["law"]["selected_option"] == {"value": "eu_gdpr"}


def test_an_optional_one_may_be_emptied_and_what_was_chosen_stands() -> None:
    assert entered(view(LAW, {"selected_option": None}, optional=True))["law"]["law"]["selected_option"] is None
    assert entered(view(LAW, {"selected_option": {"value": "uk"}}))["law"]["law"]["selected_option"] == {"value": "uk"}


def test_every_intent_can_be_ticked_in_one_of_the_two_lists() -> None:
    fields = asked_fields(["erasure", "complaint"])
    offered = [option["value"] for field in fields for option in field["element"]["options"]]
    assert sorted(offered) == sorted(Intent) and all(len(field["element"]["options"]) <= 10 for field in fields)
    ticked = [[option["value"] for option in field["element"]["initial_options"]] for field in fields]
    assert ticked == [["erasure"], ["complaint"]]
    values = {field["block_id"]: {field["block_id"]: {"selected_options": field["element"]["initial_options"]}} for field in fields}
    assert asked(values) == ["erasure", "complaint"]
