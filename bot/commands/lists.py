"""The command lines of suppressions: options and words only; what they do is loaded when it is asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Protocol

import typer

from bot.asking.channels import Channel
from bot.commands.backlog import ConfigOption

_CONFIG = Path("config.yaml")
_NOT_LISTED = 1
AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address, such as jo@example.org.")]
ChannelOption = Annotated[Channel, typer.Option("--channel", help="By which way advertising would come.")]


class SuppressionDesk(Protocol):
    """What the suppressions commands do."""

    def export(self, channel: Channel | None, since: str, out: Path | None, *, plain: bool) -> None: ...
    def check(self, address: str, channel: Channel) -> bool: ...
    def add(self, address: str, channel: Channel) -> None: ...
    def remove(self, address: str, channel: Channel, reason: str) -> bool: ...
    def close(self) -> None: ...


def suppression_commands(at_work: Callable[[Path], SuppressionDesk]) -> typer.Typer:
    """`privacybot suppressions ...`; `at_work` opens what a config names."""
    app = typer.Typer(no_args_is_help=True, help="Addresses that get no marketing any more: export them, look one up, add or remove one.")

    def with_desk(config: Path, step: Callable[[SuppressionDesk], bool | None]) -> None:
        desk = at_work(config)
        try:
            done = step(desk)
        finally:
            desk.close()
        if done is False:
            raise typer.Exit(_NOT_LISTED)

    @app.command()
    def export(
        channel: Annotated[Channel | None, typer.Option("--channel", help="Only this one.")] = None,
        since: Annotated[str, typer.Option("--since", metavar="DATE", help="Only those put down on that day or later: 2026-01-31.")] = "",
        out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it here, for its owner's eyes only.")] = None,
        plain: Annotated[bool, typer.Option("--plain", help="For programs: without the ' that keeps spreadsheets from formulas.")] = False,
        config: ConfigOption = _CONFIG,
    ) -> None:
        """The list as CSV (RFC 4180): address, channel, since, reference."""
        with_desk(config, lambda desk: desk.export(channel, since, out, plain=plain))

    @app.command()
    def check(address: AddressArgument, channel: ChannelOption = Channel.MAIL, config: ConfigOption = _CONFIG) -> None:
        """Exit code 0: must get no marketing. 1: is not on the list. 2: no address."""
        with_desk(config, lambda desk: desk.check(address, channel))

    @app.command()
    def add(address: AddressArgument, channel: ChannelOption = Channel.MAIL, config: ConfigOption = _CONFIG) -> None:
        """Put an address on the list; the webhook, if there is one, is told."""
        with_desk(config, lambda desk: desk.add(address, channel))

    @app.command()
    def remove(
        address: AddressArgument,
        reason: Annotated[str, typer.Option("--reason", help="Where the new consent is, such as: double opt-in of 2026-11-30.")],
        channel: ChannelOption = Channel.MAIL,
        config: ConfigOption = _CONFIG,
    ) -> None:
        """Take an address off, because the person consented anew (Art 7(1) GDPR); the reason is kept. The bot never does this."""
        with_desk(config, lambda desk: desk.remove(address, channel, reason))

    return app
