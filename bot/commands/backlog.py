"""The command lines of held and import: options and words only; what they do is loaded when it is asked for."""

from collections.abc import Callable
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
