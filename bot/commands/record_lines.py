"""The command lines of tickets, report, export and journal: options and words only; what they do is loaded when it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

import typer

ConfigOption = Annotated[Path, typer.Option("--config", "-c", envvar="PRIVACYBOT_CONFIG", help="The configuration file.")]
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]
_CONFIG = Path("config.yaml")
_FAILED = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """Which tickets a list is to show."""

    status: str
    overdue: bool
    unassigned: bool
    due: int | None
    days: int
    intent: str
    regime: str
    handler: str
    most: int


class Records(Protocol):
    """What these commands do."""

    def tickets(self, which: str, text: str, choice: Choice, *, as_json: bool, full: bool) -> None: ...
    def report(self, first: str, last: str, form: str, table: str, out: Path | None, *, all_laws: bool) -> None: ...

    def verify(self, reference: str, *, as_json: bool) -> bool: ...
    def export(self, reference: str, out: Path | None, *, zipped: bool, redact: bool) -> None: ...
    def close(self) -> None: ...


def record_commands(app: typer.Typer, at_work: Callable[[Path], Records]) -> None:
    """Add them to `app`; `at_work` opens what a config names."""

    def with_records(config: Path, step: Callable[[Records], bool | None]) -> None:
        records = at_work(config)
        try:
            done = step(records)
        finally:
            records.close()
        if done is False:
            raise typer.Exit(_FAILED)

    @app.command()
    def tickets(
        which: Annotated[str, typer.Argument(help="list, show REF, search TEXT; or overdue, unassigned, due, REF.")] = "list",
        text: Annotated[str, typer.Argument(help="Of show: a reference. Of search: a mail address, a reference or its number.")] = "",
        status: Annotated[str, typer.Option(help="open, in_progress, waiting, closed or all; default: all that are not closed.")] = "",
        overdue: Annotated[bool, typer.Option("--overdue", help="Past their due date.")] = False,
        unassigned: Annotated[bool, typer.Option("--unassigned", help="Without a handler.")] = False,
        due: Annotated[int | None, typer.Option("--due", metavar="N", help="Due within N days.")] = None,
        intent: Annotated[str, typer.Option(help="Such as access.")] = "",
        regime: Annotated[str, typer.Option(help="Such as eu_gdpr.")] = "",
        handler: Annotated[str, typer.Option(help="A Slack user id.")] = "",
        days: Annotated[int, typer.Option("--days", help="With `tickets due`: within so many days.")] = 7,
        most: Annotated[int, typer.Option("--limit", help="How many at the most.")] = 200,
        full: Annotated[bool, typer.Option("--full", help="With show: address and texts; that is journalled.")] = False,
        as_json: Json = False,
        config: ConfigOption = _CONFIG,
    ) -> None:
        """List, show and search tickets, without personal data unless --full."""
        choice = Choice(status, overdue, unassigned, due, days, intent, regime, handler, most)
        with_records(config, lambda records: records.tickets(which, text, choice, as_json=as_json, full=full))

    @app.command()
    def report(
        first: Annotated[str, typer.Option("--from", metavar="DATE", help="Received from this day on; default: 1 January.")] = "",
        last: Annotated[str, typer.Option("--to", metavar="DATE", help="... to this day, inclusive; default: today.")] = "",
        form: Annotated[str, typer.Option("--format", help="html, csv or json.")] = "html",
        table: Annotated[str, typer.Option(help="With csv: register, totals or metrics.")] = "register",
        all_laws: Annotated[bool, typer.Option("--all-laws", help="The metrics of California for requests under every law.")] = False,
        out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it here instead of printing it.")] = None,
        config: ConfigOption = _CONFIG,
    ) -> None:
        """The register of requests of a period (Art 5(2) GDPR) and the California metrics (11 CCR 7102), without personal data."""
        with_records(config, lambda records: records.report(first, last, form, table, out, all_laws=all_laws))

    @app.command()
    def export(
        reference: Annotated[str, typer.Argument(metavar="REF", help="Such as PRV-2026-00042.")],
        out: Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Default: a folder, or REF.zip, here.")] = None,
        zipped: Annotated[bool, typer.Option("--zip", help="One file instead of a folder.")] = False,
        redact: Annotated[bool, typer.Option("--redact", help="Leave out texts, subjects, names, addresses and files.")] = False,
        config: ConfigOption = _CONFIG,
    ) -> None:
        """One ticket for an authority: what was asked, answered and when, each due date with its reasons, and its journal."""
        with_records(config, lambda records: records.export(reference, out, zipped=zipped, redact=redact))

    journal = typer.Typer(no_args_is_help=True, help="The journals of the tickets: prove that nobody altered them.")
    app.add_typer(journal, name="journal")

    @journal.callback()
    def _journal() -> None:
        """Keeps `verify` a command of its own."""

    @journal.command()
    def verify(
        ticket: Annotated[str, typer.Option("--ticket", metavar="REF", help="Only this one.")] = "",
        as_json: Json = False,
        config: ConfigOption = _CONFIG,
    ) -> None:
        """Prove that no line of any journal was altered, removed, inserted or moved, and that no ticket is gone. Exit code 1 if not."""
        with_records(config, lambda records: records.verify(ticket, as_json=as_json))
