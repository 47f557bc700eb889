"""The command lines of held and import: options and words only; what they do is loaded when it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

import typer

Reference = Annotated[str, typer.Argument(metavar="REF", help="Such as PRV-2026-00042.")]
ConfigOption = Annotated[Path, typer.Option("--config", "-c", envvar="PRIVACYBOT_CONFIG", help="The configuration file.")]
_CONFIG = Path("config.yaml")
_FAILED = 1


class HeldDesk(Protocol):
    """What the held commands do."""

    def list(self, *, as_json: bool) -> None: ...
    def show(self, reference: str, raw: Path | None) -> None: ...
    def retry(self, reference: str) -> bool: ...
    def release(self, reference: str, *, noise: bool) -> None: ...
    def close(self) -> None: ...


def held_commands(at_work: Callable[[Path], HeldDesk]) -> typer.Typer:
    """`privacybot held ...`; `at_work` opens what a config names."""
    app = typer.Typer(no_args_is_help=True, help="Mail that could not be read: list it, show it, read it again, let it go.")

    def with_desk(config: Path, step: Callable[[HeldDesk], bool | None]) -> None:
        held = at_work(config)
        try:
            done = step(held)
        finally:
            held.close()
        if done is False:
            raise typer.Exit(_FAILED)

    @app.command("list")
    def list_held(as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False, config: ConfigOption = _CONFIG) -> None:
        """What waits for a person, the oldest first, without personal data."""
        with_desk(config, lambda held: held.list(as_json=as_json))

    @app.command()
    def show(
        reference: Reference,
        raw: Annotated[Path | None, typer.Option("--raw", metavar="FILE", help="Write the mail as it came instead.")] = None,
        config: ConfigOption = _CONFIG,
    ) -> None:
        """The mail itself, as far as it can be read. It is personal data: that you read it is journalled."""
        with_desk(config, lambda held: held.show(reference, raw))

    @app.command()
    def retry(reference: Reference, config: ConfigOption = _CONFIG) -> None:
        """Read it again with this version. What can be read now fills its ticket; the mail itself is not moved."""
        with_desk(config, lambda held: held.retry(reference))

    @app.command()
    def release(
        reference: Reference,
        decided: Annotated[str, typer.Option("--as", metavar="[handled|noise]", help="noise: close the ticket as no request.")] = "handled",
        config: ConfigOption = _CONFIG,
    ) -> None:
        """A person saw to it: it is no longer held."""
        if decided not in ("handled", "noise"):
            raise typer.BadParameter("allowed are handled and noise", param_hint="--as")
        with_desk(config, lambda held: held.release(reference, noise=decided == "noise"))

    return app


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a backlog is to be imported."""

    acknowledge: bool
    cards: bool
    dry_run: bool
    since: str
    quiet: bool


class Importer(Protocol):
    """What the import commands do; each returns whether every mail could be read."""

    def mbox(self, files: Sequence[Path]) -> bool: ...
    def maildir(self, folders: Sequence[Path]) -> bool: ...
    def folder(self, names: Sequence[str]) -> bool: ...


Acknowledge = Annotated[bool, typer.Option("--acknowledge", help="Send acknowledgements, within the limits of automatic_mail.")]
Cards = Annotated[bool, typer.Option("--cards/--no-cards", help="Also a card per ticket in Slack, one every three seconds.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would become of each mail, and file nothing.")]
Since = Annotated[str, typer.Option("--since", metavar="DATE", help="Leave out what was received before, such as 2026-01-31.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]


def import_commands(at_work: Callable[[Path, Wishes], Importer]) -> typer.Typer:
    """`privacybot import ...`; `at_work` opens what a config names."""
    app = typer.Typer(
        no_args_is_help=True,
        help="File a backlog of old mail, the oldest first, with its true dates of receipt: without letters and cards unless wished. "
        "What was filed before is known, so it may be run again.",
    )  # fmt: skip

    def exit_with(all_read: bool) -> None:
        if not all_read:
            raise typer.Exit(_FAILED)

    @app.command()
    def mbox(
        files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
        acknowledge: Acknowledge = False, cards: Cards = False, dry_run: DryRun = False, since: Since = "", quiet: Quiet = False,
        config: ConfigOption = _CONFIG,
    ) -> None:  # fmt: skip
        """Files in mbox format, as mail programs and Google Takeout write them."""
        exit_with(at_work(config, Wishes(acknowledge, cards, dry_run, since, quiet)).mbox(files))

    @app.command()
    def maildir(
        folders: Annotated[list[Path], typer.Argument(metavar="DIR...")],
        acknowledge: Acknowledge = False, cards: Cards = False, dry_run: DryRun = False, since: Since = "", quiet: Quiet = False,
        config: ConfigOption = _CONFIG,
    ) -> None:  # fmt: skip
        """Maildirs: folders that hold cur/ and new/."""
        exit_with(at_work(config, Wishes(acknowledge, cards, dry_run, since, quiet)).maildir(folders))

    @app.command()
    def folder(
        names: Annotated[list[str], typer.Argument(metavar="NAME...")],
        acknowledge: Acknowledge = False, cards: Cards = False, dry_run: DryRun = False, since: Since = "", quiet: Quiet = False,
        config: ConfigOption = _CONFIG,
    ) -> None:  # fmt: skip
        """Folders of the configured mailbox; they are only looked at, and nothing is moved or marked as read."""
        exit_with(at_work(config, Wishes(acknowledge, cards, dry_run, since, quiet)).folder(names))

    return app
