"""The figures of a comparison, one per function."""

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kpksim.errors import DataError
from kpksim.plots.coinciding import on_top
from kpksim.plots.curves import FIRST, drawable, hours_window, unsupported, until
from kpksim.plots.hypotheses import label_of, numbered
from kpksim.plots.key import Piece
from kpksim.plots.panel import View, draw_panel
from kpksim.plots.sheet import Columns, lay_out, level, stack
from kpksim.plots.style import WIDTHS, Width, house_style
from kpksim.vocabulary import PARTS

METABOLITES = ("norketamine", "hydroxynorketamine", "dehydronorketamine")
COURSE = ("ketamine", "norketamine")
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
            column = stack((analyte,), WIDTHS["wide"].tall)
            _, (ax,) = lay_out(result, [column], WIDTHS["wide"], band=band)
        draw_panel(ax, result, analyte, view)
    return ax


def concentrations(result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST) -> Figure:
    """Draw ketamine over the first hours, on a linear and on a log axis.

    Its enantiomers and its arterial concentration follow in panels of their own.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.

    Returns
    -------
    Figure
        Two panels for each form of ketamine that the result holds.

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
    names = _something(drawable(result, forms(("ketamine",))), ("ketamine",))
    size = WIDTHS[width]
    if size.columns == 2:
        columns = [stack(names, size.tall)] * 2
        scales = [scale for scale in ("linear", "log") for _ in names]
    else:
        columns = [stack([name for name in names for _ in range(2)], size.tall)]
        scales = ["linear", "log"] * len(names)
    return _drawn(result, columns, size, band, scales=tuple(scales))


def concentrations_days(
    result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST
) -> Figure:
    """Draw ketamine and norketamine over the whole course of repeated doses.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.

    Returns
    -------
    Figure
        One panel for each analyte that the result holds.

    Raises
    ------
    DataError
        If it holds neither.

    Examples
    --------
    >>> concentrations_days(xr.Dataset({"sbp": 0.0}))
    Traceback (most recent call last):
    kpksim.errors.DataError: nothing to draw: the result holds no ketamine, norketamine
    """
    names = _something(drawable(result, forms(COURSE)), COURSE)
    size = WIDTHS[width]
    return _drawn(result, [stack(names, size.low)], size, band, clock="days")


def metabolites(result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST) -> Figure:
    """Draw norketamine, hydroxynorketamine and dehydronorketamine over the first hours.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.

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
    names = _something(drawable(result, forms(METABOLITES)), METABOLITES)
    size = WIDTHS[width]
    return _drawn(result, [stack(names, size.low)], size, band)


def effects_hours(result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST) -> Figure:
    """Draw side effects and the onset of relief over the first hours.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.

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
        columns = [stack(acute + relief, size.low)]
    else:
        columns = level(acute, relief, size.low)
    return _drawn(result, columns, size, band)


def effects_days(result: xr.Dataset, *, width: str = "wide", band: str | None = FIRST) -> Figure:
    """Draw relief of anxiety and depression over the whole horizon.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.
    band : str or None
        Regimen that carries the people band; the first that has people by default.

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
    return _drawn(result, [stack(names, size.tall)], size, band, clock="days")


def forms(analytes: tuple[str, ...]) -> tuple[str, ...]:
    """Name analytes in all their forms.

    Parameters
    ----------
    analytes : tuple of str
        Analytes, such as ``"ketamine"``.

    Returns
    -------
    tuple of str
        Each of them, its enantiomers, and the same in arterial plasma.

    Examples
    --------
    >>> forms(("norketamine",))[:3]
    ('norketamine', 'norketamine_s', 'norketamine_r')
    """
    return tuple(
        name for analyte in analytes for name, parts in PARTS.items() if parts[0] == analyte
    )


def _something(found: list[str], wanted: tuple[str, ...]) -> list[str]:
    """Refuse a figure that would be empty."""
    if not found:
        raise DataError(f"nothing to draw: the result holds no {', '.join(wanted)}")
    return found


def _drawn(
    result: xr.Dataset,
    columns: Columns,
    size: Width,
    band: str | None,
    *,
    clock: str = "hours",
    scales: tuple[str, ...] = (),
) -> Figure:
    """Lay out the panels of a figure and draw each."""
    end = hours_window(result) if clock == "hours" else float(result["time"].values[-1])
    panels = [panel for column in columns for panel in column]
    scales = scales or ("linear",) * len(panels)
    shown: dict[str, set[str]] = {}
    for panel, scale in zip(panels, scales, strict=True):
        shown.setdefault(panel.name, set()).add(scale)
    with house_style():
        numbers = numbered(until(result, end), list(shown))
        further = _end_of_key(result, shown, end, numbers)
        figure, axes = lay_out(result, columns, size, band=band, further=further)
        short = size.columns == 1
        for ax, panel, scale in zip(axes, panels, scales, strict=True):
            view = View(clock, end, scale, band, short, panel.timed, tuple(numbers.items()))
            draw_panel(ax, result, panel.name, view)
    return figure


def _end_of_key(
    result: xr.Dataset, shown: dict[str, set[str]], end: float, numbers: dict[str, int]
) -> list[Piece]:
    """Say which lines are dotted, which are of one hypothesis, and which cannot be seen."""
    inside = until(result, end)
    seen = max(unsupported(inside, name).mean(axis=1).max(initial=0.0) for name in shown)
    pieces = [Piece("dots", 0, "", "beyond the evidence")] if seen else []
    for key, number in numbers.items():
        pieces.append(Piece("thin", 0, str(number), label_of(key)))
    note = on_top(result, shown, end)
    return [*pieces, Piece("note", 0, "", note)] if note else pieces
