"""Webhooks in config.yaml: every fault is told with its key, and secrets come from the environment only."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Config
from bot.config_file import ConfigError, read_config, read_secrets
from tests.builders import config, config_data

CRM = {"name": "crm", "url": "https://crm.example.test/hook"}
SHARED = "a-secret-for-all-of-them"
ENVIRON = {"PRIVACYBOT_KEY": "k", "PRIVACYBOT_IMAP_PASSWORD": "p"}


def faults(folder: Path, **sections: Any) -> str:
    (folder / "config.yaml").write_text(yaml.safe_dump(config_data(slack=False, **sections)), "utf-8")
    with pytest.raises(ConfigError) as refusal:
        read_config(folder / "config.yaml")
    return str(refusal.value)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ({"url": "http://crm.example.test/hook"}, "webhooks.0.url: must begin with https:// (http:// for this machine only)"),
        ({"url": "ftp://crm.example.test/hook"}, "webhooks.0.url: must begin with https://"),
        ({"url": "https://jo:hunter2@crm.example.test/"}, "webhooks.0.url: must hold no user or password"),
        ({"url": "crm.example.test"}, "webhooks.0.url: write the address as https://example.org/hook"),
        ({"url": "https://crm.example.test:port/"}, "webhooks.0.url: write the address as"),
        ({"url": "https://crm.example.test/a b"}, "webhooks.0.url: write the address as"),
        ({"url": "https://crm.example.test/\nHost: x"}, "webhooks.0.url: write the address as"),
        ({"events": ["opened", "seen"]}, "webhooks.0.events.1: must be one of 'opened', 'changed', 'due_soon' or 'closed'"),
        ({"events": []}, "webhooks.0.events: must name at least 1"),
        ({"name": "My CRM"}, "webhooks.0.name: write a name of small letters"),
        ({"name": "suppression"}, "webhooks: each needs a name of its own, other than suppression"),
        ({"timeout": "5m"}, "webhooks.0.timeout: write a duration from 1s to 1m"),
        ({"ca_file": "/nope.pem"}, "webhooks.0.ca_file: must be a file that exists"),
        ({"personal_data": "maybe"}, "webhooks.0.personal_data: must be true or false"),
        ({"secret": "hunter2"}, "webhooks.0.secret: is not a key of this place"),
    ],
)  # fmt: skip
def test_a_fault_names_its_key_and_what_is_allowed(tmp_path: Path, keys: dict[str, Any], answer: str) -> None:
    told = faults(tmp_path, webhooks=[{**CRM, **keys}])
    assert answer in told
    assert "hunter2" not in told


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "webhooks: each needs a name of its own" in faults(tmp_path, webhooks=[CRM, CRM])


@pytest.mark.parametrize("url", ["http://localhost:8080/x", "http://127.0.0.1/x", "http://[::1]:9/x", "https://crm.example.test/x/?a=b"])
def test_an_address_is_kept_as_it_was_written(url: str) -> None:
    assert config(webhooks=[{**CRM, "url": url}]).webhooks[0].url == url


def both() -> Config:
    return config(slack=False, suppression={"webhook": {"url": "https://news.example.test/"}}, webhooks=[{**CRM, "name": "crm-eu"}])


def test_one_secret_serves_all_and_one_of_its_own_goes_before_it() -> None:
    found = read_secrets(both(), ENVIRON | {"PRIVACYBOT_WEBHOOK_SECRET": SHARED, "PRIVACYBOT_WEBHOOK_SECRET_CRM_EU": SHARED[::-1]})
    assert found.webhooks == {"suppression": SHARED, "crm-eu": SHARED[::-1]}
    assert SHARED not in repr(found)


def test_it_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SHARED + "\n")
    found = read_secrets(both(), ENVIRON | {"PRIVACYBOT_WEBHOOK_SECRET_FILE": str(tmp_path / "secret")})
    assert set(found.webhooks.values()) == {SHARED}


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({}, "PRIVACYBOT_WEBHOOK_SECRET: is not set in the environment"),
        ({"PRIVACYBOT_WEBHOOK_SECRET": "short"}, "PRIVACYBOT_WEBHOOK_SECRET: must have 16 characters or more"),
        ({"PRIVACYBOT_WEBHOOK_SECRET": SHARED, "PRIVACYBOT_WEBHOOK_SECRET_CRM_EU": "short"}, "PRIVACYBOT_WEBHOOK_SECRET_CRM_EU: must have"),
    ],
)
def test_a_secret_that_is_missing_or_short_is_named(given: dict[str, str], answer: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        read_secrets(both(), ENVIRON | given)
    assert answer in str(refusal.value)
    assert "short" not in str(refusal.value)


def test_without_webhooks_no_secret_is_needed() -> None:
    assert read_secrets(config(slack=False), ENVIRON).webhooks == {}
