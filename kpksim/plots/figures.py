"""The figures of a comparison, one per function."""

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kpksim.errors import DataError
from kpksim.plots.curves import FIRST, drawable, hours_window
from kpksim.plots.panel import View, draw_panel
from kpksim.plots.sheet import Row, lay_out
from kpksim.plots.style import WIDTHS, Width, house_style

METABOLITES = ("norketamine", "hydroxynorketamine", "dehydronorketamine")
ACUTE = ("dissociation", "sbp", "dbp")
RELIEF = ("anxiety", "depression")


def concentration(
    result: xr.Dataset,
    analyte: str,
    *,
    ax: Axes | None = None,
    scale: str = "linear",
    band: str | None = FIRST,
) -> Axes:
    """Draw the concentration of one analyte over the hours after the first dose.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    analyte : str
        Name of the analyte, such as ``"ketamine"``.
    ax : Axes, optional
        Where to draw; a new figure by default.
    scale : str
        ``"linear"`` or ``"log"``.
    band : str or None
        Regimen that carries the people band; the first that has people by default.

    Returns
    -------
    Axes
        The panel; its figure is ``axes.figure``.

    Raises
    ------
    DataError
        If the result does not hold the analyte.

    Examples
    --------
    >>> concentration(xr.Dataset(), "ketamine")
    Traceback (most recent call last):
    kpksim.errors.DataError: nothing to draw: the result holds no ketamine
    """
    _something(drawable(result, (analyte,)), (analyte,))
    view = View("hours", hours_window(result), scale=scale, band=band)
    with house_style():
        if ax is None:
            row = Row((analyte,), WIDTHS["wide"].tall, (True,))
            _, (ax,) = lay_out(result, [row], WIDTHS["wide"], band=band, foot=True)
        draw_panel(ax, result, analyte, view)
    return ax


def concentrations(
    result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST, foot: bool = True
) -> Figure:
    """Draw ketamine over the first hours, on a linear and on a log axis.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.
    foot : bool
        Whether the figure says below what varies and what made it.

    Returns
    -------
    Figure
        Two panels.

    Raises
    ------
    DataError
        If the result does not hold ketamine.

    Examples
    --------
    >>> concentrations(xr.Dataset())
    Traceback (most recent call last):
    kpksim.errors.DataError: nothing to draw: the result holds no ketamine
    """
    _something(drawable(result, ("ketamine",)), ("ketamine",))
    size = WIDTHS[width]
    rows = (
        [Row(("ketamine", "ketamine"), size.tall, (True, True))]
        if size.columns == 2
        else [Row(("ketamine",), size.tall, (last,)) for last in (False, True)]
    )
    return _drawn(result, rows, size, band, foot, scales=("linear", "log"))


def metabolites(
    result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST, foot: bool = True
) -> Figure:
    """Draw norketamine, hydroxynorketamine and dehydronorketamine over the first hours.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.
    foot : bool
        Whether the figure says below what varies and what made it.

    Returns
    -------
    Figure
        One panel for each metabolite that the result holds.

    Raises
    ------
    DataError
        If it holds none.

    Examples
    --------
    >>> metabolites(xr.Dataset())
    Traceback (most recent call last):
    kpksim.errors.DataError: nothing to draw: the result holds no norketamine, hydroxynorketamine, dehydronorketamine
    """  # noqa: E501
    names = _something(drawable(result, METABOLITES), METABOLITES)
    size = WIDTHS[width]
    return _drawn(result, _stack(names, size.low), size, band, foot)


def effects_hours(
    result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST, foot: bool = True
) -> Figure:
    """Draw side effects and the onset of relief over the first hours.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.
    foot : bool
        Whether the figure says below what varies and what made it.

    Returns
    -------
    Figure
        One panel for each effect that the result holds.

    Raises
    ------
    DataError
        If it holds none.

    Examples
    --------
    >>> effects_hours(xr.Dataset({"ketamine": 0.0}))
    Traceback (most recent call last):
    kpksim.errors.DataError: nothing to draw: the result holds no dissociation, sbp, dbp, anxiety, depression
    """  # noqa: E501
    _something(drawable(result, ACUTE + RELIEF), ACUTE + RELIEF)
    acute, relief = drawable(result, ACUTE), drawable(result, RELIEF)
    size = WIDTHS[width]
    if size.columns == 1 or not (acute and relief):
        rows = _stack(acute + relief, size.low)
    else:
        rows = _beside(acute, relief, size.low)
    return _drawn(result, rows, size, band, foot)


def effects_days(
    result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST, foot: bool = True
) -> Figure:
    """Draw relief of anxiety and depression over the whole horizon.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.
    foot : bool
        Whether the figure says below what varies and what made it.

    Returns
    -------
    Figure
        One panel for each score that the result holds.

    Raises
    ------
    DataError
        If it holds none.

    Examples
    --------
    >>> effects_days(xr.Dataset({"sbp": 0.0}))
    Traceback (most recent call last):
    kpksim.errors.DataError: nothing to draw: the result holds no anxiety, depression
    """
    names = _something(drawable(result, RELIEF), RELIEF)
    size = WIDTHS[width]
    return _drawn(result, _stack(names, size.tall), size, band, foot, clock="days")


def _something(found: list[str], wanted: tuple[str, ...]) -> list[str]:
    """Refuse a figure that would be empty."""
    if not found:
        raise DataError(f"nothing to draw: the result holds no {', '.join(wanted)}")
    return found


def _stack(names: list[str], height: int) -> list[Row]:
    """Set panels one below the other, with one time axis at the foot."""
    return [Row((name,), height, (name == names[-1],)) for name in names]


def _beside(left: list[str], right: list[str], height: int) -> list[Row]:
    """Set panels in two columns, each with its own time axis at the foot."""
    rows = []
    for place in range(max(len(left), len(right))):
        pair = tuple(column[place] if place < len(column) else "" for column in (left, right))
        timed = tuple(place == len(column) - 1 for column in (left, right))
        rows.append(Row(pair, height, timed))
    return rows


def _drawn(
    result: xr.Dataset,
    rows: list[Row],
    size: Width,
    band: str | None,
    foot: bool,
    *,
    clock: str = "hours",
    scales: tuple[str, ...] = (),
) -> Figure:
    """Lay out the panels of a figure and draw each."""
    end = hours_window(result) if clock == "hours" else float(result["time"].values[-1])
    panels = [
        (name, timed)
        for row in rows
        for name, timed in zip(row.names, row.timed, strict=True)
        if name
    ]
    scales = scales or ("linear",) * len(panels)
    with house_style():
        figure, axes = lay_out(result, rows, size, band=band, foot=foot)
        short = size.columns == 1
        for ax, (name, timed), scale in zip(axes, panels, scales, strict=True):
            draw_panel(ax, result, name, View(clock, end, scale, band, short, timed))
    return figure
