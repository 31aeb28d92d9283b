"""Tables of text: headings and rows, for a page and for Markdown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lines:
    """A table of text.

    Attributes
    ----------
    heads : tuple of str
        Headings; all but the first `labels` columns are numbers.
    rows : tuple of tuple of str
        Cells.
    labels : int
        Number of columns of words at the left.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: int = 1


def markdown(table: Lines) -> str:
    """Write a table as Markdown; words to the left, numbers to the right.

    Parameters
    ----------
    table : Lines
        The table.

    Returns
    -------
    str
        Its lines; one word where it has no row.

    Examples
    --------
    >>> markdown(Lines(("a", "b"), ()))
    'None.'
    """
    if not table.rows:
        return "None."
    rule = ["---"] * table.labels + ["---:"] * (len(table.heads) - table.labels)
    lines = [table.heads, rule, *table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
