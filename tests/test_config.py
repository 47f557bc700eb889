"""The committed config.yaml is valid and complete, and says what the defaults are; and what a config answers."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import certifi
import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.config import Config
from bot.config_file import read_config
from bot.notation import Section
from tests.builders import config, config_data

FILE = Path(__file__).parent.parent / "config.yaml"
COMMENTED = re.compile(r"^( *)# ( *[a-z_]+:.*)$", re.MULTILINE)
EXAMPLES = {  # what each company must say for itself: the file shows an invented one
    "organisation.postal_address", "organisation.subdivision", "organisation.language", "organisation.privacy_notice",
    "organisation.signature", "organisation.extra",
    "mailbox.oauth.tenant", "mailbox.oauth.ca_file", "mailbox.imap.login", "mailbox.smtp.login", "mailboxes",
    "mailbox.smtp.user", "mailbox.imap.ca_file", "slack.intake_channel", "model", "suppression.webhook.ca_file", "webhooks",
    "letters.folder",
    "slack.who_may.users", "slack.who_may.groups", "slack.only.view.users", "slack.only.reply.users", "slack.only.close.users",
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """config.yaml with every commented key in force."""
    certificate = tmp_path_factory.mktemp("config") / "ca.pem"
    certificate.write_bytes(Path(certifi.where()).read_bytes())
    text = COMMENTED.sub(r"\1\2", FILE.read_text("utf-8")).replace("/etc/ssl/private-ca.pem", str(certificate))
    file = certificate.with_name("config.yaml")
    file.write_text(text, "utf-8")
    return read_config(file)


def keys(section: Section, above: str = "") -> dict[str, tuple[Any, FieldInfo, bool]]:
    """Each key below a section, dotted: its value, what the model says of it, whether somebody wrote it."""
    found: dict[str, tuple[Any, FieldInfo, bool]] = {}
    for name, info in type(section).model_fields.items():
        value, key = getattr(section, name), above + name
        if isinstance(value, Section):
            found |= keys(value, key + ".")
        else:
            found[key] = (value, info, name in section.model_fields_set)
    return found


def test_the_committed_file_is_valid_as_it_stands() -> None:
    committed = read_config(FILE)
    assert committed.slack is None
    assert committed.health is None


def test_every_key_that_the_bot_knows_stands_in_the_file(whole: Config) -> None:
    missing = [key for key, (_, _, written) in keys(whole).items() if not written]
    assert missing == ["mailbox.smtp.ca_file"]  # it stands at imap, which is the same kind of server
    assert {name for name in Config.model_fields if getattr(whole, name) is None} == set()


def test_what_the_file_shows_are_the_defaults(whole: Config) -> None:
    different = {key for key, (value, info, _) in keys(whole).items() if not info.is_required() and value != info.default}
    assert different == EXAMPLES


def test_without_a_section_its_defaults_hold() -> None:
    text_free = config(slack=False)
    assert (text_free.reminders, text_free.retention) == (type(text_free.reminders)(), type(text_free.retention)())


def test_the_place_of_the_clocks_has_the_calendars_corrections() -> None:
    place = config(clocks={"holidays_added": ["2026-12-24"], "holidays_removed": ["2026-12-26"]}).place
    assert (place.country, place.subdivision, place.time_zone.key) == ("DE", "BE", "Europe/Berlin")
    assert (set(place.holidays_added), set(place.holidays_removed)) == ({date(2026, 12, 24)}, {date(2026, 12, 26)})


def test_the_mailbox_knows_all_its_names_whatever_their_case() -> None:
    mailbox = {
        "address": "Privacy@Example.test",
        "aliases": ["DSB@example.test"],
        "imap": {"host": "a", "user": "u"},
        "smtp": {"host": "b"},
    }
    assert config(mailbox=mailbox).own_addresses == {"privacy@example.test", "dsb@example.test"}


def test_nothing_can_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError):
        config().database = "sqlite:///other.db"  # type: ignore[misc]


def test_a_country_without_a_known_authority_needs_one_named() -> None:
    data = config_data()
    data["organisation"] |= {"country": "US", "subdivision": "CA", "time_zone": "America/Los_Angeles"}
    with pytest.raises(ValidationError, match="none is known for US"):
        Config.model_validate(data)
    data["organisation"]["authority"] = {"name": "California Privacy Protection Agency", "url": "https://cppa.ca.gov"}
    assert Config.model_validate(data).organisation.authority is not None
