"""The command line of letters: options and words only; what they do is loaded when it is asked for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Protocol

import typer

ConfigOption = Annotated[Path, typer.Option("--config", "-c", envvar="PRIVACYBOT_CONFIG", help="The configuration file.")]
_CONFIG = Path("config.yaml")


class LetterDesk(Protocol):
    """What the letters commands do."""

    def preview(self, out: Path, intents: Sequence[str], languages: Sequence[str]) -> None: ...
    def check(self) -> None: ...


def letter_commands(at_work: Callable[[Path], LetterDesk]) -> typer.Typer:
    """`privacybot letters ...`; `at_work` opens what a config names."""
    app = typer.Typer(no_args_is_help=True, help="The letters to requesters: look at all of them, and check your own templates.")

    @app.command()
    def preview(
        intent: Annotated[list[str] | None, typer.Option("--intent", help="Only letters about it: access; may be repeated.")] = None,
        language: Annotated[list[str] | None, typer.Option("--language", help="Such as de; may be repeated; default: all.")] = None,
        out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where they are written.")] = Path("letters-preview"),
        config: ConfigOption = _CONFIG,
    ) -> None:
        """Write every letter as text, page and mail, with an index.html; nothing is sent."""
        at_work(config).preview(out, intent or (), language or ())

    @app.command()
    def check(config: ConfigOption = _CONFIG) -> None:
        """Try the templates in letters.folder: syntax, variables, and what every letter must and must not say."""
        at_work(config).check()

    return app
