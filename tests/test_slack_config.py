"""The slack: section: who may, what is worth a call, and by which way Slack comes; every fault is told with what is allowed."""

from pathlib import Path

import pytest

from bot.config_file import ConfigError, read_config, read_secrets
from bot.slack_config import CircleConfig, SlackConfig
from tests.test_config_file import GOOD, Reader, faults, read

__all__ = ["read"]  # the fixture

BASE = GOOD + "slack:\n  desk_channel: C0123456789\n"
ENVIRON = {"PRIVACYBOT_KEY": "k", "PRIVACYBOT_IMAP_PASSWORD": "i", "PRIVACYBOT_SMTP_PASSWORD": "s", "PRIVACYBOT_SLACK_BOT_TOKEN": "xoxb-x"}


def slack(read: Reader, lines: str = "") -> SlackConfig:
    found = read(BASE + lines).slack
    assert found is not None
    return found


def test_by_default_the_channels_members_may_and_nobody_is_called(read: Reader) -> None:
    section = slack(read)
    assert (section.who_may, dict(section.only.circles), section.here_for, section.mode) == (None, {}, (), "socket")


def test_circles_are_read(read: Reader) -> None:
    section = slack(read, "  who_may: {users: [U0ANN], groups: [S0LEGAL]}\n  only:\n    close: {users: [U0ANN]}\n")
    assert section.who_may == CircleConfig(users=("U0ANN",), groups=("S0LEGAL",))
    assert dict(section.only.circles) == {"close": CircleConfig(users=("U0ANN",))}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("who_may: {}", "slack.who_may: name at least one of users or groups; left out, the members of desk_channel may"),
        ("who_may: {users: [S0LEGAL]}", "slack.who_may.users: write people's ids, such as [U0123456789] (in Slack: a profile's menu, "
         "Copy member ID)"),
        ("who_may: {groups: [U0ANN]}", "slack.who_may.groups: write the ids of user groups, such as [S0123456789]"),
        ("who_may: {users: [ann]}", "slack.who_may.users.0: write a Slack id as C0123456789 (not a #name)"),
        ("only: {see: {users: [U0ANN]}}", "slack.only.see: is not a key of this place; allowed are view, reply, close"),
        ("only: {view: {}}", "slack.only.view: name at least one of users or groups; left out, the members of desk_channel may"),
        ("here_for: [erasure]", "slack.here_for: allowed are breach_report and authority"),
        ("mode: carrier pigeon", "slack.mode: must be one of 'socket' or 'http'"),
        ("http: {path: events}", "slack.http.path: write a path as /slack/events"),
        ("http: {url: https://x}", "slack.http.url: is not a key of this place; allowed are host, port, path"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_with_what_is_allowed(read: Reader, line: str, told: str) -> None:
    number = BASE.count("\n") + 1
    assert faults(read, f"{BASE}  {line}\n") == [f"config.yaml, line {number}: {told}"]


@pytest.mark.parametrize(("mode", "needed"), [("socket", "PRIVACYBOT_SLACK_APP_TOKEN"), ("http", "PRIVACYBOT_SLACK_SIGNING_SECRET")])
def test_each_way_needs_its_own_secret_and_not_the_others(tmp_path: Path, mode: str, needed: str) -> None:
    (tmp_path / "config.yaml").write_text(f"{BASE}  mode: {mode}\n", "utf-8")
    config = read_config(tmp_path / "config.yaml")
    with pytest.raises(ConfigError) as refusal:
        read_secrets(config, ENVIRON)
    assert str(refusal.value) == f"{needed}: is not set in the environment (nor {needed}_FILE, a file that holds it)"
    assert "hush" not in repr(read_secrets(config, {**ENVIRON, needed: "hush"}))
