"""Buttons, menus, commands and views on the loopback Slack, used by people and answered by an unmodified slack-bolt."""

import queue
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.demo.slack_controls import ImpossibleInput, NoSuchControl
from bot.demo.slack_server import BOT_TOKEN, LoopbackSlack
from bot.demo.slack_socket import RejectedAck
from tests.slack_bench import (
    WAIT,
    Clock,
    Json,
    actions,
    button,
    connected,
    menu,
    modal,
    note_field,
    plain,
    refused,
    section,
    workspace,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LoopbackSlack]:
    with workspace(clock) as server:
        yield server


@pytest.fixture
def client(slack: LoopbackSlack) -> WebClient:
    return WebClient(BOT_TOKEN, base_url=slack.api_url)


@pytest.fixture
def app(client: WebClient) -> App:
    return App(client=client)


class TestInteraction:
    @pytest.fixture
    def acts(self, app: App) -> App:
        """An app with a button that opens a modal, whose note is checked and then posted."""

        @app.action("close")
        def open_modal(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=modal(note_field(), private_metadata=body["actions"][0]["value"]))

        @app.view("close_ticket")
        def submitted(ack: Any, view: Json, client: WebClient) -> None:
            note = view["state"]["values"]["note_block"]["note"]["value"]
            if note == "?":
                ack(response_action="errors", errors={"note_block": "Say more."})
                return
            ack()
            client.chat_postMessage(channel="C1", text=f"{view['private_metadata']}: {note}")

        return app

    def test_what_was_typed_stays_in_its_field_until_that_has_another_name(self, slack: LoopbackSlack, acts: App) -> None:
        asked: list[Json] = []

        @acts.action("redraw")
        def redraw(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            asked.append(body["view"]["state"]["values"])
            first = note_field(element={"type": "plain_text_input", "action_id": "note", "initial_value": "fresh"})
            block_id = "note_block" if len(asked) == 1 else "note_block_2"
            client.views_update(view_id=body["view"]["id"], view=modal({**first, "block_id": block_id}, actions(button("redraw"))))

        card = acts.client.chat_postMessage(channel="C1", text="card", blocks=[section("card"), actions(button("close", "PRV-1"))])
        with connected(slack, acts):
            slack.press("U1", "C1", card["ts"], "close").wait_ack()
            opened = slack.wait_for(lambda: slack.views_of("U1"))[0]
            with pytest.raises(NoSuchControl):
                slack.select_in_view("U1", opened, "note", "the app hears of no typing")
            acts.client.views_update(view_id=opened["id"], view=modal(note_field(), actions(button("redraw"))))
            with pytest.raises(NoSuchControl):
                slack.enter("U1", opened, {"elsewhere": "x"})
            typed = slack.enter("U1", opened, {"note": "typed"})
            slack.press_in_view("U1", typed, "redraw").wait_ack()
            kept = slack.wait_for(lambda: [view for view in slack.views_of("U1") if view["hash"] != typed["hash"]])[0]
            assert kept["state"]["values"]["note_block"]["note"]["value"] == "typed"
            slack.press_in_view("U1", kept, "redraw").wait_ack()
            renamed = slack.wait_for(lambda: [view for view in slack.views_of("U1") if view["hash"] != kept["hash"]])[0]
            assert renamed["state"]["values"] == {"note_block_2": {"note": {"type": "plain_text_input", "value": "fresh"}}}
            assert [values["note_block"]["note"]["value"] for values in asked] == ["typed", "typed"]

    def test_button_modal_submit(self, slack: LoopbackSlack, acts: App) -> None:
        card = acts.client.chat_postMessage(channel="C1", text="card", blocks=[section("card"), actions(button("close", "PRV-1"))])
        with connected(slack, acts):
            slack.press("U1", "C1", card["ts"], "close").wait_ack()
            view = slack.wait_for(lambda: slack.views_of("U1"))[0]
            with pytest.raises(ImpossibleInput):
                slack.submit("U1", view)
            with pytest.raises(ImpossibleInput):
                slack.submit("U1", view, {"note": "longer than twenty characters"})
            assert slack.submit("U1", view, {"note": "?"}).wait_ack()["response_action"] == "errors"
            assert slack.views_of("U1"), "with errors the modal stays"
            slack.submit("U1", view, {"note": "done"}).wait_ack()
            assert slack.views_of("U1") == []
            slack.wait_for(lambda: [one for one in slack.messages("C1") if one["text"] == "PRV-1: done"])

    def test_only_buttons_that_stand_there_can_be_pressed(self, slack: LoopbackSlack, acts: App) -> None:
        card = acts.client.chat_postMessage(channel="C1", text="card", blocks=[actions(button("claim"))])
        with connected(slack, acts):
            with pytest.raises(NoSuchControl, match="claim"):
                slack.press("U1", "C1", card["ts"], "close")
            with pytest.raises(NoSuchControl):
                slack.press("U1", "C1", card["ts"], "claim", value="PRV-2")

    def test_a_menu_offers_its_options_and_the_original_is_replaced(self, slack: LoopbackSlack, app: App) -> None:
        @app.action("outcome")
        def picked(ack: Any, respond: Any, action: Json) -> None:
            ack()
            respond(text=f"now {action['selected_option']['value']}", replace_original=True)

        card = app.client.chat_postMessage(channel="C1", text="card", blocks=[section("Outcome?", accessory=menu("fulfilled", "refused"))])
        with connected(slack, app):
            with pytest.raises(ImpossibleInput, match="fulfilled"):
                slack.select("U1", "C1", card["ts"], "outcome", "eaten")
            slack.select("U1", "C1", card["ts"], "outcome", "refused").wait_ack()
            slack.wait_for(lambda: slack.message("C1", card["ts"])["text"] == "now refused")
        assert "blocks" not in slack.message("C1", card["ts"])

    def test_slash_command_is_answered_to_the_person_alone(self, slack: LoopbackSlack, app: App) -> None:
        @app.command("/privacy")
        def answer(ack: Any, command: Json, respond: Any) -> None:
            ack(f"you asked for {command['text']}")
            respond("and later this")

        with connected(slack, app):
            assert slack.command("U1", "C1", "/privacy", "due").wait_ack() == {"text": "you asked for due"}
            slack.wait_for(lambda: len(slack.ephemerals) == 2)
        assert {(one["user"], one["text"]) for one in slack.ephemerals} == {("U1", "you asked for due"), ("U1", "and later this")}
        assert slack.messages("C1") == []

    def test_home_tab_and_shortcuts(self, slack: LoopbackSlack, app: App) -> None:
        seen: queue.Queue[str] = queue.Queue()

        @app.event("app_home_opened")
        def publish(event: Json, client: WebClient) -> None:
            client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [actions(button("refresh"))]})

        @app.action("refresh")
        @app.shortcut("make_ticket")
        def act(ack: Any, body: Json) -> None:
            ack()
            seen.put(body["type"])

        with connected(slack, app):
            slack.open_home("U1").wait_ack()
            home = slack.wait_for(lambda: slack.home_of("U1"))
            assert home
            slack.press_in_view("U1", home, "refresh").wait_ack()
            message = app.client.chat_postMessage(channel="C1", text="turn me into a ticket")
            slack.shortcut("U1", "make_ticket", "C1", message["ts"]).wait_ack()
            slack.shortcut("U1", "make_ticket").wait_ack()
            heard = sorted(seen.get(timeout=WAIT) for _ in range(3))
        assert heard == ["block_actions", "message_action", "shortcut"]

    def test_views_are_updated_pushed_and_closed(self, slack: LoopbackSlack, app: App) -> None:
        closed: queue.Queue[bool] = queue.Queue()

        @app.shortcut("go")
        def go(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=modal(note_field(optional=True), notify_on_close=True))

        @app.view("close_ticket")
        def step(ack: Any, view: Json) -> None:
            if view["private_metadata"]:
                ack(response_action="push", view=modal(section("three"), callback_id="last", notify_on_close=True))
            else:
                ack(response_action="update", view=modal(section("two"), private_metadata="2"))

        @app.view_closed("last")
        def gone(ack: Any, body: Json) -> None:
            ack()
            closed.put(body["is_cleared"])

        with connected(slack, app):
            slack.shortcut("U1", "go").wait_ack()
            first = slack.wait_for(lambda: slack.views_of("U1"))[-1]
            slack.submit("U1", first).wait_ack()
            second = slack.views_of("U1")[-1]
            assert (second["id"], second["private_metadata"]) == (first["id"], "2")
            slack.submit("U1", second).wait_ack()
            third = slack.views_of("U1")[-1]
            assert third["previous_view_id"] == second["id"]
            slack.close_view("U1", third, everything=True).wait_ack()
            assert closed.get(timeout=WAIT) is True
        assert slack.views_of("U1") == []

    def test_a_menu_asks_the_app_for_its_options_as_one_types(self, slack: LoopbackSlack, app: App) -> None:
        field = {"type": "external_select", "action_id": "who", "min_query_length": 0}

        @app.shortcut("go")
        def go(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            block = {"type": "input", "block_id": "who", "label": plain("Who"), "element": field}
            client.views_open(trigger_id=body["trigger_id"], view=modal(block))

        @app.options("who")
        def offer(ack: Any, body: Json) -> None:
            ack(options=[{"text": plain(body["value"] * size), "value": body["view"]["callback_id"]} for size in (1, 30)])

        with connected(slack, app):
            slack.shortcut("U1", "go").wait_ack()
            view = slack.wait_for(lambda: slack.views_of("U1"))[-1]
            first, _ = slack.suggest("U1", view, "who", "ab").wait_ack()["options"]
            assert (first["text"]["text"], first["value"]) == ("ab", "close_ticket")
            with pytest.raises(RejectedAck, match="must be less than 76 characters"):
                slack.suggest("U1", view, "who", "abc").wait_ack()

    def test_an_answer_slack_would_not_show_is_an_error(self, slack: LoopbackSlack, acts: App) -> None:
        acts.view("broken")(lambda ack: ack(response_action="errors", errors={"no_such_block": "oops"}))

        @acts.shortcut("go")
        def go(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=modal(note_field(), callback_id="broken"))

        with connected(slack, acts):
            slack.shortcut("U1", "go").wait_ack()
            view = slack.wait_for(lambda: slack.views_of("U1"))[-1]
            with pytest.raises(RejectedAck, match="no_such_block"):
                slack.submit("U1", view, {"note": "fine"}).wait_ack()

    def test_a_trigger_opens_one_view_within_three_seconds(self, slack: LoopbackSlack, clock: Clock, app: App) -> None:
        triggers: queue.Queue[str] = queue.Queue()

        @app.shortcut("go")
        def go(ack: Any, body: Json) -> None:
            ack()
            triggers.put(body["trigger_id"])

        with connected(slack, app):
            slack.shortcut("U1", "go").wait_ack()
            slack.shortcut("U1", "go").wait_ack()
            used, late = triggers.get(timeout=WAIT), triggers.get(timeout=WAIT)
        app.client.views_open(trigger_id=used, view=modal(note_field()))
        clock.now += 3.5
        assert refused(app.client.views_open, trigger_id=used, view=modal())[0] == "exchanged_trigger_id"
        assert refused(app.client.views_open, trigger_id=late, view=modal())[0] == "expired_trigger_id"
        assert refused(app.client.views_open, trigger_id="1.2.3", view=modal())[0] == "invalid_trigger_id"
