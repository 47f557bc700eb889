"""Reading config.yaml: every fault is told with file, line, key and what is allowed; YAML has no surprises; secrets stay secret."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import ClassVar

import pytest

from bot.config import Config
from bot.config_file import ConfigError, Secrets, read_config, read_secrets

GOOD = """\
organisation:
  name: Example GmbH
  country: DE
  subdivision: BE
  time_zone: Europe/Berlin
  dpo: dpo@example.test
mailbox:
  address: privacy@example.test
  imap:
    host: imap.example.test
    user: privacy@example.test
  smtp:
    host: smtp.example.test
"""
TOKENS = GOOD.replace("    user: privacy@example.test", "    user: privacy@example.test\n    login: oauth").replace(
    "  imap:", "  oauth: {{provider: {provider}, client_id: c, flow: {flow}}}\n  imap:"
)
Reader = Callable[[str], Config]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Reads a text as config.yaml."""

    def read(text: str) -> Config:
        (tmp_path / "config.yaml").write_text(text, "utf-8")
        return read_config(tmp_path / "config.yaml")

    return read


def changed(section: str, line: str) -> tuple[str, int]:
    """GOOD with `line` as the first of `section` instead of the one with its key; and that line's number, from 1."""
    lines = GOOD.splitlines()
    start = next(number for number, text in enumerate(lines, 1) if text.strip() == f"{section}:") if section else 0
    indent = " " * (len(lines[start]) - len(lines[start].lstrip()))
    key = f"{indent}{line.partition(':')[0]}:"
    cut = start + next((number for number, text in enumerate(lines[start:]) if text.startswith(key)), len(lines))
    return "\n".join([*lines[:start], indent + line, *lines[start:cut], *lines[cut + 1 :], ""]), start + 1


def faults(read: Reader, text: str) -> list[str]:
    """The lines of the refusal, from `config.yaml, line` on."""
    with pytest.raises(ConfigError) as refusal:
        read(text)
    return [line[line.index("config.yaml") :] for line in str(refusal.value).split("\n")]


def test_a_short_file_is_enough(read: Reader) -> None:
    config = read(GOOD)
    assert (config.mailbox.imap.port, config.mailbox.smtp.port, config.slack) == (993, 465, None)


SERVER = "host, port, security, user, login, timeout, ca_file"
SECTIONS = (
    "organisation, mailbox, mailboxes, database, slack, letters, clocks, reminders, escalation, digest, automatic_mail, threads, "
    "watchdog, retention, health, calendar, policy, suppression, webhooks, model"
)
FURTHER = "{address: uk@example.test, imap: {host: i.example, user: uk}, smtp: {host: s.example}}"
DURATION = "write a duration as 14d, 12h, 30m or 45s"
ADDRESS = "write a mail address as privacy@example.org"
SLACK_ID = "write a Slack id as C0123456789 (not a #name)"
FAULTS = [  # the section, a line put into it, the answer; with ... for a long list of what is known
    ("imap", "batch: many", "mailbox.imap.batch: must be a whole number"),
    ("imap", "batch: 1.5", "mailbox.imap.batch: must be a whole number"),
    ("imap", "batch: 0", "mailbox.imap.batch: must be 1 or more"),
    ("imap", "batch: 501", "mailbox.imap.batch: must be 500 or less"),
    ("imap", "idle: maybe", "mailbox.imap.idle: must be true or false"),
    ("imap", "largest_mail: 25 mb", "mailbox.imap.largest_mail: write a size as 500kB or 25MB, at most 2GB"),
    ("imap", "timeout: 0s", "mailbox.imap.timeout: write a duration from 1s to 1d"),
    ("imap", "port: 70000", "mailbox.imap.port: write a port as a number from 1 to 65535"),
    ("imap", "host: https://i.example", "mailbox.imap.host: write a host as imap.example.org or 192.0.2.1, without https:// and port"),
    ("imap", "folders: {filed: inbox}", "mailbox.imap.folders.filed: must be another folder than inbox"),
    ("imap", "security: none", "mailbox.imap.security: none is allowed for this machine (localhost, 127.0.0.1) only; use tls or starttls"),
    ("smtp", "security: ssl", "mailbox.smtp.security: must be one of 'tls', 'starttls' or 'none'"),
    ("smtp", "ca_file: /nowhere/ca.pem", "mailbox.smtp.ca_file: must be a file that exists"),
    ("imap", "ca_file: /etc/passwd", "mailbox.imap.ca_file: must be a file with certificates in PEM format that the bot may read"),
    ("smtp", "hots: x", f"mailbox.smtp.hots: is not a key of this place; allowed are {SERVER}, envelope_sender"),
    ("smtp", "login: oauth", "mailbox.smtp.login: oauth needs a user, in ASCII: the mailbox's address at the provider"),
    ("imap", "login: token", "mailbox.imap.login: must be one of 'password' or 'oauth'"),
    (
        "mailbox",
        "oauth: {provider: aol, client_id: x, flow: refresh_token}",
        "mailbox.oauth.provider: must be one of 'microsoft', 'google' or 'custom'",
    ),
    (
        "mailbox",
        "oauth: {provider: google, client_id: x, flow: client_credentials}",
        "mailbox.oauth.flow: must be refresh_token with google, which knows no client credentials for mail",
    ),
    (
        "mailbox",
        "oauth: {provider: microsoft, client_id: x, flow: refresh_token}",
        "mailbox.oauth.tenant: is missing; microsoft needs the directory's id or domain, ...",
    ),
    (
        "mailbox",
        "oauth: {provider: custom, client_id: x, flow: refresh_token}",
        "mailbox.oauth.token_url: is missing; a custom provider needs the address that hands out its tokens",
    ),
    (
        "mailbox",
        "oauth: {provider: google, client_id: x, flow: refresh_token, token_url: http://g.example/t}",
        "mailbox.oauth.token_url: write the address as https://login.example.org/token (http:// for this machine only)",
    ),
    ("mailbox", "name: UK desk", "mailbox.name: write a name of small letters, digits and hyphens, such as uk-desk"),
    ("", f"mailboxes: [{FURTHER}]", "mailboxes: each needs a name of its own, other than the first one's (main, if it has none)"),
    (
        "",
        f"mailboxes: [{FURTHER.replace('uk@', 'privacy@').replace('{', '{name: uk, ', 1)}]",
        "mailboxes: each needs an address of its own",
    ),
    (
        "",
        f"mailboxes: [{FURTHER.replace('user', 'usr: x, user')}]",
        f"mailboxes.0.imap.usr: is not a key of this place; allowed are {SERVER}, ...",
    ),
    ("organisation", "authority: Berlin", "organisation.authority: must hold keys of its own: name, url"),
    ("mailbox", "colleagues: [ann@example.test]", "mailbox.colleagues.0: write a domain as example.org"),
    ("mailbox", "aliases: dsb@example.test", "mailbox.aliases: must be a list, such as [one, two]"),
    ("mailbox", "authserv_id: mx.example.test; spf", "mailbox.authserv_id: write the id as mx.example.org, or several as ..."),
    ("mailbox", "unauthenticated: ignore", "mailbox.unauthenticated: must be one of 'hold_letters' or 'answer'"),
    ("organisation", "name: [Example]", "organisation.name: write a text of one line"),
    ("organisation", "signature: true", "organisation.signature: must be a text; put it in quotes"),
    ("organisation", "time_zone: CEST+1", "organisation.time_zone: write a time zone as Europe/Berlin (a name of the IANA database)"),
    ("organisation", "dpo: Jo", f"organisation.dpo: {ADDRESS}"),
    ("organisation", "country: Germany", "organisation.country: write a country as its two-letter ISO 3166 code, such as DE"),
    ("organisation", "country: XX", "organisation.country: unknown country 'XX'; known: AD, ..."),
    ("organisation", "subdivision: CA", "organisation.subdivision: unknown subdivision 'CA' of DE; known: ..."),
    ("organisation", "privacy_notice: example.test", "organisation.privacy_notice: write a web address as https://example.org/privacy"),
    ("", "digest:", "digest: must hold keys of its own: day, at, languages, recipients, slack"),
    ("", "digest: {at: 8 o'clock}", "digest.at: write a time of day as 08:30"),
    ("", "digest: {day: Mo}", "digest.day: write a day as one of monday, tuesday, wednesday, thursday, friday, saturday, sunday"),
    ("", "digest: {languages: [en, da]}", "digest.languages.1: must be one of en, de, fr, es, it, nl, pl"),
    ("", "digest: {languages: []}", "digest.languages: write at least one of en, de, fr, es, it, nl, pl, each once"),
    ("", "digest: {recipients: [boss]}", f"digest.recipients.0.address: {ADDRESS}"),
    (
        "",
        "digest: {recipients: [{address: a@b.example, language: klingon}]}",
        "digest.recipients.0.language: must be one of en, de, fr, es, it, nl, pl",
    ),
    ("", "digest: {recipients: [a@b.example, A@b.example]}", "digest.recipients: write each address once"),
    ("", "watchdog: {no_poll_for: 0s}", "watchdog.no_poll_for: write a duration of 1s or more"),
    ("", "watchdog: {self_test: true}", "watchdog.self_test: write a time of day as 08:30, or false"),
    ("", "watchdog: {self_test: 7:30}", "watchdog.self_test: write a time of day as 08:30, or false"),
    ("", "retention: {messages: 1 year}", f"retention.messages: {DURATION}"),
    ("", "reminders: {before_due: [14d, soon]}", f"reminders.before_due.1: {DURATION}"),
    ("", "escalation: {managers: [a@b.example, boss]}", f"escalation.managers.1: {ADDRESS}"),
    ("", "clocks: {regime: gdpr}", "clocks.regime: must be one of eu_gdpr, uk_gdpr, ..."),
    ("", "clocks: {holidays_added: [24.12.2026]}", "clocks.holidays_added.0: write a date as 2026-12-24"),
    ("", "slack: {desk_channel: '#privacy'}", f"slack.desk_channel: {SLACK_ID}"),
    ("", "slack: {desk_channel: C0DESK, intake_channel: intake}", f"slack.intake_channel: {SLACK_ID}"),
    ("", "slack: {desk_channel: C0DESK, show: all}", "slack.show: must be one of 'reference', 'masked' or 'full'"),
    (
        "",
        "slack: {desk_channel: C0DESK, api_url: http://slack.com/api/}",
        "slack.api_url: write the address as https://slack.com/api/, ...",
    ),
    ("", "database: mysql://root:hunter2@db/x", "database: write a database as sqlite:///FILE or postgresql://HOST/NAME"),
    ("", "mail: {}", f"mail: is not a key of this place; allowed are {SECTIONS}"),
    ("", "5: x", f"5: is not a key of this place; allowed are {SECTIONS}"),
]


@pytest.mark.parametrize(("section", "line", "answer"), FAULTS, ids=[line for _, line, _ in FAULTS])
def test_a_fault_is_told_with_file_line_key_and_what_is_allowed(read: Reader, section: str, line: str, answer: str) -> None:
    text, number = changed(section, line)
    (fault,) = faults(read, text)
    beginning, dots, _ = f"config.yaml, line {number}: {answer}".partition("...")
    assert fault.startswith(beginning) if dots else fault == beginning
    assert "hunter2" not in fault


def test_an_oauth_section_and_the_logins_by_it_belong_together(read: Reader) -> None:
    (fault,) = faults(read, changed("imap", "login: oauth")[0])
    assert fault == "config.yaml, line 9: mailbox.imap: login: oauth needs an oauth: section in this mailbox"
    (fault,) = faults(read, changed("mailbox", "oauth: {provider: google, client_id: x, flow: refresh_token}")[0])
    assert fault.endswith(": mailbox.smtp: no server logs in by the oauth: section; write login: oauth in imap and smtp")


@pytest.mark.parametrize(
    ("left_out", "answer"),
    [
        ("  country: DE\n", "line 1: organisation.country: is missing"),
        ("    host: imap.example.test\n", "line 9: mailbox.imap.host: is missing"),
        (GOOD[GOOD.index("mailbox:") :], "line 1: mailbox: is missing"),
    ],
)
def test_what_is_missing_is_told_with_the_line_of_its_section(read: Reader, left_out: str, answer: str) -> None:
    assert faults(read, GOOD.replace(left_out, "")) == [f"config.yaml, {answer}"]


def test_great_britain_needs_its_nation(read: Reader) -> None:
    (fault,) = faults(read, GOOD.replace("DE", "GB").replace("  subdivision: BE\n", ""))
    assert fault == "config.yaml, line 1: organisation.subdivision: country GB needs a subdivision; known: ENG, NIR, SCT, WLS"
    assert read(GOOD.replace("DE", "GB").replace("BE", "SCT")).place.subdivision == "SCT"


def test_a_key_that_stands_twice_is_told_with_both_lines(read: Reader) -> None:
    twice = GOOD.replace("  country: DE", "  country: DE\n  country: FR").replace("mailbox:", "organisation: {name: x}\nmailbox:")
    assert faults(read, twice) == [
        "config.yaml, line 4: organisation.country: stands twice, first in line 3",
        "config.yaml, line 8: organisation: stands twice, first in line 1",
    ]


def test_all_faults_are_told_at_once_in_the_order_of_the_file(read: Reader) -> None:
    found = faults(
        read, GOOD.replace("country: DE", "country: D").replace("GmbH\n", "GmbH\n  nmae: x\n").replace("host: smtp", "hots: smtp")
    )
    assert [fault.split(": ")[:2] for fault in found] == [
        ["config.yaml, line 3", "organisation.nmae"],
        ["config.yaml, line 4", "organisation.country"],
        ["config.yaml, line 13", "mailbox.smtp.host"],
        ["config.yaml, line 14", "mailbox.smtp.hots"],
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "config.yaml, line 1: must hold keys such as organisation: and mailbox:"),
        ("# nothing but words\n", "config.yaml, line 1: must hold keys such as organisation: and mailbox:"),
        ("- a\n- list\n", "config.yaml, line 1: must hold keys such as organisation: and mailbox:"),
        ("organisation:\n  name: [x\nmailbox: y\n", "config.yaml, line 3: is not valid YAML ("),
        ("a: 1\n\tb: 2\n", "config.yaml, line 2: is not valid YAML ("),
        ("a: 1\n b: 2\n", "config.yaml, line 2: is not valid YAML ("),
        ("a: b: c\n", "config.yaml, line 1: is not valid YAML ("),
        ("a: *nowhere\n", "config.yaml, line 1: is not valid YAML ("),
        ("a: 1\n---\nb: 2\n", "config.yaml, line 2: is not valid YAML ("),
        ("a: 1\nb: !!python/object/apply:os.getcwd []\n", "config.yaml, line 2: is not valid YAML ("),
        ("? [a]\n: b\n", "config.yaml, line 1: is not valid YAML ("),
        ("a: !!int x\n", "config.yaml, line 1: is not valid YAML ("),
        ("a: 1\nb: \a\n", "config.yaml, line 2: is not valid YAML (a control character)"),
        ("a: " + "[" * 3000, "config.yaml, line 1: is not valid YAML ("),
        ("a: &a\n  b: *a\n", "config.yaml, line 1: "),
    ],
)
def test_what_is_no_config_at_all_is_told_in_one_line_each(read: Reader, text: str, answer: str) -> None:
    found = faults(read, text)
    assert found[0].startswith(answer)
    assert all(len(fault) < 300 for fault in found)


def test_a_file_in_another_encoding_is_told_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes("organisation:\n  name: Müller GmbH\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"config\.yaml, line 2: is not UTF-8 text; save it as UTF-8$"):
        read_config(file)
    file.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(ConfigError, match=r"config\.yaml, line 1: is not UTF-8 text"):
        read_config(file)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(GOOD.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_config(file).organisation.name == "Example GmbH"


def test_a_missing_file_is_told_with_the_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml: there is no such file; make one with: privacybot init$"):
        read_config(tmp_path / "config.yaml")
    with pytest.raises(ConfigError, match=r"can't be read \(Is a directory\)$"):
        read_config(tmp_path)


class TestYamlHasNoSurprises:
    """YAML 1.1 makes a truth value of NO, 600 minutes of 10:00, 8 of 010 and a date object of 2026-12-24."""

    @pytest.mark.parametrize("norway", ["NO", "no", "No", "'NO'"])
    def test_no_is_norway(self, read: Reader, norway: str) -> None:
        text = GOOD.replace("country: DE", f"country: {norway}").replace("  subdivision: BE\n", "  language: no\n")
        config = read(text)
        assert (config.organisation.country, config.organisation.language) == ("NO", "no")

    def test_a_time_of_day_is_one(self, read: Reader) -> None:
        assert read(GOOD + "digest: {at: 10:00}\n").digest.at == time(10)

    def test_leading_zeros_are_no_octal_numbers(self, read: Reader) -> None:
        config = read(GOOD.replace("    host: imap.example.test", "    host: i.example\n    port: 0143\n    batch: 010"))
        assert (config.mailbox.imap.port, config.mailbox.imap.batch) == (143, 10)

    def test_dates_are_dates(self, read: Reader) -> None:
        assert read(GOOD + "clocks: {holidays_added: [2026-12-24]}\n").clocks.holidays_added == (date(2026, 12, 24),)

    def test_texts_that_look_like_something_else_stay_texts(self, read: Reader) -> None:
        for name in ("on", "1e3", "1_000", ".inf", "2026-01-31", "0x1F", "12:30:45", "24", "yes"):
            assert read(GOOD.replace("Example GmbH", name)).organisation.name == name

    def test_yes_and_no_still_answer_a_question(self, read: Reader) -> None:
        for word, meaning in (("yes", True), ("no", False), ("true", True), ("off", False)):
            assert read(GOOD + f"digest: {{slack: {word}}}\n").digest.slack is meaning

    def test_a_region_that_is_a_number_is_one(self, read: Reader) -> None:
        assert read(GOOD.replace("country: DE", "country: AT").replace("BE", "9")).organisation.subdivision == "9"

    def test_an_alias_repeats_what_it_names(self, read: Reader) -> None:
        config = read(GOOD + "escalation: {managers: &bosses [boss@example.test]}\ndigest: {recipients: *bosses}\n")
        assert [recipient.address for recipient in config.digest.recipients] == ["boss@example.test"]

    def test_a_bare_number_is_a_size_in_bytes(self, read: Reader) -> None:
        assert read(GOOD.replace("    host: imap", "    largest_mail: 5000000\n    host: imap")).mailbox.imap.largest_mail == 5_000_000


class TestSecrets:
    """They come from the environment or from files, and no message or repr shows one."""

    ENVIRON: ClassVar = {
        "PRIVACYBOT_KEY": "key-hunter2",
        "PRIVACYBOT_IMAP_PASSWORD": " imap-hunter2 ",
        "PRIVACYBOT_SMTP_PASSWORD": "smtp-hunter2",
        "PRIVACYBOT_SLACK_BOT_TOKEN": "xoxb-hunter2",
        "PRIVACYBOT_SLACK_APP_TOKEN": "xapp-hunter2",
        "PRIVACYBOT_DATABASE_URL": "postgresql://bot:hunter2@db/privacy",
    }
    ALL = GOOD.replace("    host: smtp.example.test", "    host: smtp.example.test\n    user: privacy") + "slack: {desk_channel: C0DESK}\n"

    def test_each_is_read_from_its_variable_as_it_is(self, read: Reader) -> None:
        secrets = read_secrets(read(self.ALL), self.ENVIRON)
        assert secrets == Secrets(*self.ENVIRON.values())
        assert "hunter2" not in repr(secrets) + str(secrets)

    def test_each_is_read_from_a_file_without_the_line_end(self, read: Reader, tmp_path: Path) -> None:
        environ = {}
        for name, value in self.ENVIRON.items():
            (tmp_path / name).write_text(value + "\n", "utf-8")
            environ[name + "_FILE"] = str(tmp_path / name)
        assert read_secrets(read(self.ALL), environ) == Secrets(*self.ENVIRON.values())

    def test_the_missing_ones_are_named_with_their_file_form(self, read: Reader) -> None:
        with pytest.raises(ConfigError) as refusal:
            read_secrets(read(self.ALL), {"PRIVACYBOT_KEY": "x", "PRIVACYBOT_SMTP_PASSWORD": ""})
        assert str(refusal.value).split("\n") == [
            f"PRIVACYBOT_{name}: is not set in the environment (nor PRIVACYBOT_{name}_FILE, a file that holds it)"
            for name in ("IMAP_PASSWORD", "SMTP_PASSWORD", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
        ]

    def test_only_what_the_config_needs_is_asked_for(self, read: Reader) -> None:
        read_secrets(read(GOOD), {"PRIVACYBOT_KEY": "x", "PRIVACYBOT_IMAP_PASSWORD": "x"})

    @pytest.mark.parametrize(
        ("content", "why"), [(None, "can't be read (No such file"), (b"\xff\xfe", "can't be read (not UTF-8"), (b"\n", "is empty")]
    )
    def test_a_file_that_holds_none_is_told_by_its_variable(self, read: Reader, tmp_path: Path, content: bytes | None, why: str) -> None:
        if content is not None:
            (tmp_path / "secret").write_bytes(content)
        with pytest.raises(ConfigError) as refusal:
            read_secrets(read(GOOD), {"PRIVACYBOT_KEY_FILE": str(tmp_path / "secret")})
        assert str(refusal.value).startswith("PRIVACYBOT_KEY_FILE: the file it names " + why)

    def test_further_mailboxes_have_their_own_by_their_name(self, read: Reader) -> None:
        further = f"mailboxes: [{FURTHER.replace('{', '{name: uk-desk, ', 1).replace('s.example', 's.example, user: uk')}]\n"
        config = read(GOOD + further)
        environ = {"PRIVACYBOT_KEY": "x", "PRIVACYBOT_IMAP_PASSWORD": "one", "PRIVACYBOT_IMAP_PASSWORD_UK_DESK": "two"}
        with pytest.raises(ConfigError, match=r"^PRIVACYBOT_SMTP_PASSWORD_UK_DESK: is not set in the environment \(nor .*_UK_DESK_FILE, a"):
            read_secrets(config, environ)
        secrets = read_secrets(config, {**environ, "PRIVACYBOT_SMTP_PASSWORD_UK_DESK": "three"})
        own = [secrets.of(mailbox, config.mailbox) for mailbox in config.all_mailboxes]
        assert [(one.imap_password, one.smtp_password) for one in own] == [("one", ""), ("two", "three")]
        assert "three" not in repr(secrets)

    def test_a_login_by_token_asks_for_no_password(self, read: Reader) -> None:
        by_token = TOKENS.format(provider="microsoft, tenant: t", flow="client_credentials")
        environ = {"PRIVACYBOT_KEY": "x"}
        with pytest.raises(ConfigError, match=r"^PRIVACYBOT_OAUTH_CLIENT_SECRET: is not set .*a file that holds it\)$"):
            read_secrets(read(by_token), environ)
        assert read_secrets(read(by_token), {**environ, "PRIVACYBOT_OAUTH_CLIENT_SECRET": "s"}).oauth_client_secret == "s"

    @pytest.mark.parametrize(("provider", "needs_secret"), [("microsoft, tenant: t", False), ("google", True)])
    def test_a_refresh_token_is_enough_but_for_google(self, read: Reader, provider: str, needs_secret: bool) -> None:
        config = read(TOKENS.format(provider=provider, flow="refresh_token"))
        environ = {"PRIVACYBOT_KEY": "x", "PRIVACYBOT_OAUTH_REFRESH_TOKEN": "r"}
        if needs_secret:
            with pytest.raises(ConfigError, match=r"^PRIVACYBOT_OAUTH_CLIENT_SECRET: is not set"):
                read_secrets(config, environ)
        else:
            assert read_secrets(config, environ).oauth_refresh_token == "r"

    def test_the_secret_of_an_app_goes_to_further_mailboxes_of_that_app_only(self, read: Reader) -> None:
        oauth = "oauth: {provider: microsoft, tenant: t, client_id: APP, flow: client_credentials}"
        further = (
            "mailboxes: [" + FURTHER.replace("{", "{name: uk, " + oauth + ", ", 1).replace("user: uk", "user: uk, login: oauth") + "]\n"
        )
        main = TOKENS.format(provider="microsoft, tenant: t", flow="client_credentials")
        environ = {"PRIVACYBOT_KEY": "x", "PRIVACYBOT_OAUTH_CLIENT_SECRET": "s"}
        same = read(main + further.replace("APP", "c"))
        assert read_secrets(same, environ).of(same.mailboxes[0], same.mailbox).oauth_client_secret == "s"
        with pytest.raises(ConfigError, match=r"^PRIVACYBOT_OAUTH_CLIENT_SECRET_UK: is not set"):
            read_secrets(read(main + further.replace("APP", "d")), environ)

    def test_a_database_address_that_is_none_is_told_without_the_password(self, read: Reader) -> None:
        environ = {**self.ENVIRON, "PRIVACYBOT_DATABASE_URL": "mysql://bot:hunter2@db/privacy"}
        with pytest.raises(ConfigError) as refusal:
            read_secrets(read(GOOD), environ)
        assert str(refusal.value) == "PRIVACYBOT_DATABASE_URL: write a database as sqlite:///FILE or postgresql://HOST/NAME"
