"""The command lines of tickets, report, export and journal: options and words only; what they do is loaded when it is asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Protocol

import typer

ConfigOption = Annotated[Path, typer.Option("--config", "-c", envvar="PRIVACYBOT_CONFIG", help="The configuration file.")]
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]
_CONFIG = Path("config.yaml")
_FAILED = 1


class Records(Protocol):
    """What these commands do."""

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
