"""Charts: draws the digest's pictures as PNG; a process of its own (`python -m bot.charts`), so that the bot carries no drawing library.

In: a JSON list of drawings (bot/digest_charts.py makes them) on standard input. Out: a JSON list of base64 texts. The same drawing gives
the same bytes: no time and no name of a program goes into the file.
"""

import json
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

Drawing = Mapping[str, Any]

# Half-tones: each stands out by 3 to 1 or more from white and from the dark grounds of mail programs (WCAG 2.2, 1.4.11).
INK, RULE = "#7b858f", "#9aa3ad"
RECEIVED, CLOSED, LATE = "#3f83c0", "#4f9a70", "#e0554b"
CARD_INK = "#33404d"
_PER_INCH = 100  # pixels of a page
_SHARPNESS = 2
_MARGIN = 20
_TITLE = 34
_LABEL_SHARE = 0.5
_LONGEST_NAME = 19
_CARD_COLOURS = 64


def draw(drawing: Drawing) -> bytes:
    """One PNG at twice the size, without a ground but for a card's."""
    mpl.rcdefaults()  # whatever a matplotlibrc says
    mpl.rcParams.update({"font.family": "DejaVu Sans", "font.size": _points(12), "text.color": INK, "axes.labelcolor": INK})
    panels = drawing["panels"] if drawing["kind"] == "card" else [drawing]
    figure = _card(panels, drawing["width"]) if drawing["kind"] == "card" else _plain(drawing)
    out = BytesIO()
    whole = drawing["kind"] == "card"
    nameless, dense = {"Software": None}, {"optimize": True}
    figure.savefig(out, format="png", dpi=_PER_INCH * _SHARPNESS, transparent=not whole, metadata=nameless, pil_kwargs=dense)
    return _in_few_colours(out) if whole else out.getvalue()


def _in_few_colours(png: BytesIO) -> bytes:
    """A third of the size, and no eye sees it; not for what is half transparent."""
    out = BytesIO()
    Image.open(png).convert("RGB").quantize(_CARD_COLOURS, dither=Image.Dither.NONE).save(out, "png", optimize=True)
    return out.getvalue()


def _plain(drawing: Drawing) -> Figure:
    figure = Figure(figsize=(drawing["width"] / _PER_INCH, drawing["height"] / _PER_INCH))
    _panel(figure, drawing, (0.0, 0.0, 1.0, 1.0))
    return figure


def _card(panels: Sequence[Drawing], width: int) -> Figure:
    """One below the other, each under its title."""
    mpl.rcParams.update({"text.color": CARD_INK, "axes.labelcolor": CARD_INK})
    across = width + 2 * _MARGIN
    height = sum(panel["height"] + _TITLE for panel in panels) + _MARGIN * (len(panels) + 1)
    figure = Figure(figsize=(across / _PER_INCH, height / _PER_INCH), facecolor="white")
    top = height - _MARGIN
    for panel in panels:
        figure.text(_MARGIN / across, (top - 4) / height, panel["title"], va="top", weight="bold", size=_points(15))
        top -= _TITLE + panel["height"]
        _panel(figure, panel, (_MARGIN / across, top / height, width / across, panel["height"] / height))
        top -= _MARGIN
    return figure


def _panel(figure: Figure, drawing: Drawing, box: tuple[float, float, float, float]) -> None:
    {"bars": _bars, "trend": _trend}[drawing["kind"]](figure, drawing, box)


def _bars(figure: Figure, drawing: Drawing, box: tuple[float, float, float, float]) -> None:
    """Lying bars, the name left of each and the number at its end."""
    left, bottom, width, height = box
    axes = figure.add_axes((left + width * _LABEL_SHARE, bottom, width * (1 - _LABEL_SHARE), height))
    names, numbers = zip(*drawing["rows"], strict=True)
    places = range(len(numbers))
    colours = [LATE if place in drawing["late"] else RECEIVED for place in places]
    axes.barh(places, numbers, height=0.56, color=colours)
    axes.set_xlim(0, max(5, *numbers) * 1.22)
    axes.set_ylim(len(numbers) - 0.5, -0.5)
    for place, (name, number, colour) in enumerate(zip(names, numbers, colours, strict=True)):
        axes.text(-0.04, place, _short(name), transform=axes.get_yaxis_transform(), ha="right", va="center_baseline")
        axes.annotate(str(number), (number, place), (5, 0), textcoords="offset points", va="center_baseline", weight="bold",
                      color=colour if colour == LATE else None)  # fmt: skip
    axes.set_axis_off()
    axes.plot([0, 0], [-0.5, len(numbers) - 0.5], color=RULE, linewidth=1)


def _trend(figure: Figure, drawing: Drawing, box: tuple[float, float, float, float]) -> None:
    """Above, what was open at each week's end; below, what came and what went, side by side."""
    left, bottom, width, height = box
    places = list(range(len(drawing["weeks"])))
    upper = _axes(figure, (left, bottom + height * 0.60, width, height * 0.30), drawing["open"])
    upper.fill_between(places, drawing["open"], color=INK, alpha=0.22, linewidth=0)
    upper.plot(places, drawing["open"], color=INK, linewidth=2, solid_capstyle="round")
    upper.plot(places[-1:], drawing["open"][-1:], "o", color=INK, markersize=5)
    lower = _axes(figure, (left, bottom + height * 0.085, width, height * 0.36), [*drawing["received"], *drawing["closed"]])
    lower.bar([place - 0.2 for place in places], drawing["received"], 0.36, color=RECEIVED)
    lower.bar([place + 0.2 for place in places], drawing["closed"], 0.36, color=CLOSED)
    for axes in (upper, lower):
        axes.set_xlim(-0.6, len(places) - 0.4)
    lower.set_xticks(places, drawing["weeks"])
    labels = drawing["labels"]
    _legend(figure, (left, bottom + height * 0.965), [(labels["open"], drawing["open"][-1], INK)])
    both = [(labels[name], drawing[name][-1], colour) for name, colour in (("received", RECEIVED), ("closed", CLOSED))]
    _legend(figure, (left, bottom + height * 0.515), both)


def _axes(figure: Figure, box: tuple[float, float, float, float], numbers: Sequence[int]) -> Axes:
    """Only a ground line and few thin rules; the numbers stand inside, so that all of them share one left edge."""
    axes = figure.add_axes(box)
    axes.set_ylim(0, max(4, *numbers) * 1.12)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True, prune="lower"))
    axes.grid(axis="y", color=RULE, alpha=0.45, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=_points(11), colors=mpl.rcParams["text.color"])
    axes.tick_params(axis="y", direction="in", pad=-2, labelsize=_points(10))
    for label in axes.get_yticklabels():
        label.set(horizontalalignment="left", verticalalignment="bottom")
    axes.set_xticks([])
    axes.patch.set_alpha(0)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    return axes


def _legend(figure: Figure, place: tuple[float, float], entries: Sequence[tuple[str, int, str]]) -> None:
    """Name and last number of each line, in its colour."""
    across, down = place
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    for name, number, colour in entries:
        bold = figure.text(across, down, str(number), color=colour, weight="bold", size=_points(14), va="center_baseline")
        across = bold.get_window_extent(renderer).x1 / figure.bbox.width + 0.014
        words = figure.text(across, down, name, color=colour, size=_points(12), va="center_baseline")
        across = words.get_window_extent(renderer).x1 / figure.bbox.width + 0.05


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"


def _points(pixels: float) -> float:
    return pixels * 72 / _PER_INCH


def main() -> None:
    """Draw what standard input asks for."""
    drawings = json.load(sys.stdin)
    json.dump([b64encode(draw(drawing)).decode("ascii") for drawing in drawings], sys.stdout)


if __name__ == "__main__":
    main()
