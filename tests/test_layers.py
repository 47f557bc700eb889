"""The house rules as facts: who may import whom, where the time is looked up, where transactions begin, how long a file may be."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("bot", "intents", "models")
LONGEST_FILE = 300
DATABASE = {"sqlalchemy", "alembic", "models"}
NETWORK = {"imapclient", "imaplib", "smtplib", "slack_bolt", "slack_sdk", "requests", "urllib.request", "http", "socket", "aiohttp"}

DECIDE = (
    "bot.inquiry", "bot.notation", "bot.config", "bot.mail_config", "bot.parsing", "bot.reading", "bot.robots", "bot.screening",
    "bot.clocks", "bot.law", "bot.digest", "bot.digest_page", "bot.wording", "bot.layout", "bot.authorities", "bot.staff_mail",
    "bot.reminder_steps", "bot.throttling", "bot.trust", "bot.authentication_results", "bot.asking", "bot.unread", "bot.policy",
    "bot.identity", "bot.parcels", "bot.dossier_page", "bot.file_names", "bot.accountability", "bot.accountability_page",
    "bot.webhook_config", "bot.letter_law", "bot.letter_samples", "bot.letter_rules", "bot.letter_templates", "bot.weeks",
    "bot.digest_charts", "bot.digest_config", "bot.digest_slack", "bot.digest_words", "bot.page_words", "bot.edition", "bot.charts",
    "bot.slack_config", "bot.posting",
)  # fmt: skip
RECORD = (
    "bot.clerk", "bot.intake", "bot.joining", "bot.threads", "bot.letterbox", "bot.notices", "bot.desk", "bot.reminders", "bot.retention",
    "bot.register", "bot.weekly", "bot.undelivered", "bot.office", "bot.verbs", "bot.recount", "bot.calendar_feed", "bot.reported_ids",
    "bot.ledger", "bot.grants", "bot.doubt", "bot.provenance", "bot.confirming", "bot.watchdog", "bot.figures", "bot.held", "bot.answers",
    "bot.proving", "bot.replying", "bot.feedback", "bot.notes", "bot.handing_over", "bot.merging", "bot.by_hand", "bot.searching",
    "bot.journal", "bot.dossier", "bot.lookup", "bot.queueing", "bot.suppressions", "bot.unsubscribing", "bot.webhooks",
    "bot.webhook_watch", "bot.digest_figures", "bot.cards", "bot.home", "bot.posted", "bot.amending", "bot.day_turn",
)  # fmt: skip
USES_APP = ("bot.__main__", "bot.launch", "bot.commands", "bot.demo")


@dataclass(frozen=True)
class Module:
    """One of our source files."""

    path: Path

    @cached_property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"))

    @cached_property
    def imports(self) -> set[str]:
        """The modules it imports, by full name; `from bot import desk` is bot.desk."""
        return {name for node in ast.walk(self.tree) for name in self._imported(node)}

    def _imported(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{self.name}: a relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in names())

    def is_in(self, places: tuple[str, ...]) -> bool:
        """It is one of these modules, or lies in one of these packages."""
        return any(is_below(self.name, place) for place in places)


def is_below(name: str, place: str) -> bool:
    return name == place or name.startswith(place + ".")


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """All modules of the program, migrations left out."""
    paths = (path for package in OURS for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(Module(path) for path in paths if "migrations" not in path.parts)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    return frozenset(module.name for module in modules())


def offences(places: tuple[str, ...], forbidden: set[str]) -> list[str]:
    """Each import of something forbidden by a module of `places`."""
    return [
        f"{module.name} imports {imported}" for module in modules() if module.is_in(places)
        for imported in sorted(module.imports) if any(is_below(imported, place) for place in forbidden)
    ]  # fmt: skip


@pytest.mark.parametrize("place", [*DECIDE, *RECORD, *USES_APP])
def test_the_rooms_named_here_exist(place: str) -> None:
    assert any(is_below(name, place) for name in names())


def test_the_search_finds_what_is_there() -> None:
    assert "bot.mailbox imports imapclient" in offences(("bot.mailbox",), NETWORK)
    assert "bot.clerk imports sqlalchemy.orm" in offences(("bot.clerk",), DATABASE)
    assert offences(("bot.slack",), {"bot.outbox"}) != []


@pytest.mark.parametrize("package", ["models", "intents"])
def test_what_stands_at_the_bottom_imports_nothing_of_ours(package: str) -> None:
    assert offences((package,), set(OURS) - {package}) == []


def test_what_decides_knows_neither_database_nor_network() -> None:
    assert offences(DECIDE, DATABASE | NETWORK) == []


def test_what_decides_imports_only_what_decides() -> None:
    others = {name for name in names() if is_below(name, "bot") and name != "bot" and not any(is_below(name, place) for place in DECIDE)}
    assert offences(DECIDE, others) == []


def test_the_config_file_is_read_without_database_and_network() -> None:
    assert offences(("bot.config_file",), DATABASE | NETWORK | {"intents"}) == []


def test_what_records_knows_no_network() -> None:
    assert offences(RECORD, NETWORK) == []


def test_what_records_imports_nothing_that_delivers() -> None:
    deliver = {"bot.outbox", "bot.mailbox", "bot.smtp", "bot.slack", "bot.service", "bot.workers", "bot.health", "bot.launch"}
    deliver |= {"bot.webhook_courier"}
    assert offences(RECORD, deliver) == []


def test_only_the_entrances_import_the_app() -> None:
    assert [module.name for module in modules() if "bot.app" in module.imports and not module.is_in(USES_APP)] == []


def test_the_drawing_library_is_loaded_by_a_process_of_its_own_only() -> None:
    """It costs each start half a second; `bot.drawing` runs `bot.charts` and imports neither."""
    assert {module.name for module in modules() if {"matplotlib", "bot.charts"} & module.imports} == {"bot.charts"}


def test_imports_stand_at_the_top() -> None:
    """But where the command line begins: each command loads only what it needs, so that --help stays fast."""
    hidden = [
        f"{module.name}:{node.lineno}" for module in modules() if module.name not in ("bot.__main__", "bot.commands.openers")
        for function in ast.walk(module.tree) if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
    ]  # fmt: skip
    assert hidden == []


def test_the_time_is_looked_up_in_one_place() -> None:
    assert {name for module in modules() for name in calls_of(module, "now", "utcnow", "today", on=("datetime", "date"))} == {"bot.app"}


def test_transactions_begin_in_three_places() -> None:
    assert {name for module in modules() for name in calls_of(module, "begin")} == {"bot.app", "bot.outbox", "models.schema"}


def calls_of(module: Module, *methods: str, on: tuple[str, ...] = ()) -> Iterator[str]:
    """The module's name for each call of one of these methods; with `on`, only where it is called on such a name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
            owner = node.func.value
            if not on or (isinstance(owner, ast.Name) and owner.id in on) or (isinstance(owner, ast.Attribute) and owner.attr in on):
                yield module.name


def test_broad_excepts_stand_at_job_boundaries_only() -> None:
    broad = [
        module.name for module in modules() for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or {"Exception", "BaseException"} & names_in(node.type))
    ]  # fmt: skip
    assert len(broad) <= 2, broad


def names_in(node: ast.expr) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    assert [module.name for module in modules() if not (ast.get_docstring(module.tree) or "").partition("\n")[0].endswith((".", ":"))] == []


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lengths = {module.name: module.path.read_text("utf-8").count("\n") for module in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}
