"""The page: one file that needs nothing else."""

import base64
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from kpksim.analysis import Comparison
from kpksim.plots.curves import regimen_names
from kpksim.plots.style import WRITTEN, letter
from kpksim.report.beyond import beyond_rows
from kpksim.report.drawings import drawings
from kpksim.report.front import limits, receipt, references, span
from kpksim.report.hypotheses import parted_rows
from kpksim.report.split import HEADS
from kpksim.report.statements import statement_groups
from kpksim.report.tables import course_table, exposure_table, summary_table
from kpksim.vocabulary import USE_LINE

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600}


def render(
    comparison: Comparison, *, command: str, config_name: str, figures: Path | None = None
) -> str:
    """Write a comparison as one HTML file, the same bytes every time.

    The file holds its fonts, styles and figures, no script, and asks for nothing from outside.

    Parameters
    ----------
    comparison : Comparison
        What was computed.
    command : str
        The command that repeats it.
    config_name : str
        File name of the configuration.
    figures : Path, optional
        Folder of figures that are written already; they are drawn anew when left out.

    Returns
    -------
    str
        The document.
    """
    result = comparison.result
    regimens = [
        {"name": name, "letter": letter(place), "place": place % len(WRITTEN), "sentence": told}
        for place, (name, told) in enumerate(
            zip(regimen_names(result), _sentences(comparison), strict=True)
        )
    ]
    return template("template.html.j2").render(
        title=comparison.title,
        span=span(result),
        calibration=result.attrs.get("calibration", ""),
        use_line=result.attrs.get("use_line", USE_LINE),
        policy=POLICY,
        style=style(),
        receipt=receipt(comparison, command=command, config_name=config_name),
        regimens=regimens,
        people=int(result.attrs.get("n_people", 0)),
        summary=summary_table(comparison),
        exposure=exposure_table(comparison),
        course=course_table(comparison),
        drawings=drawings(result, figures, comparison.spread),
        split_heads=HEADS,
        statements=statement_groups(result),
        beyond=beyond_rows(result),
        parted=parted_rows(result),
        effect_draws=int(result.attrs.get("n_effect_draws", 0)),
        warnings=[line for line in str(result.attrs.get("warnings", "")).splitlines() if line],
        limits=limits(result),
        references=references(result.attrs),
        configuration=result.attrs.get("configuration", ""),
    )


def _sentences(comparison: Comparison) -> list[str]:
    """Give every regimen in words; nothing where the name says the same."""
    result = comparison.result
    names = regimen_names(result)
    told = [str(one) for one in result["sentence"].values] if "sentence" in result.coords else names
    return ["" if text == name else text for name, text in zip(names, told, strict=True)]


@cache
def template(name: str) -> Template:
    """Load a template once; everything put into it is escaped.

    Parameters
    ----------
    name : str
        File name in this folder.

    Returns
    -------
    jinja2.Template
        The template.
    """
    return Environment(
        loader=PackageLoader("kpksim.report", ""),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(name)


@cache
def style(*further: str) -> Markup:
    """Join fonts, the colours of the regimens and the style sheet.

    Parameters
    ----------
    *further : str
        File names of style sheets in this folder that follow the report's own.

    Returns
    -------
    Markup
        Content of a style element.
    """
    faces = [
        f"@font-face{{font-family:'Kpksim Sans';font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{_font(name)}) format('truetype')}}"
        for name, weight in _WEIGHTS.items()
    ]
    chips = [f".chip-{place}{{background:{colour}}}" for place, colour in enumerate(WRITTEN)]
    folder = files("kpksim.report")
    names = ("report.css", *further)
    sheets = [folder.joinpath(name).read_text(encoding="utf-8") for name in names]
    return Markup("\n".join([*faces, *chips, *sheets]))


def _font(name: str) -> str:
    """Write a shipped font as base64."""
    path = files("kpksim.plots").joinpath("fonts", f"KpksimSans-{name}.ttf")
    return base64.b64encode(path.read_bytes()).decode("ascii")
