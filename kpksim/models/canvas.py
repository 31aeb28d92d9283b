"""A grid of characters: boxes, lines and words."""


class Canvas:
    """Characters that are put at rows and columns, from 0; the grid grows as needed."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._cells: dict[tuple[int, int], str] = {}

    def write(self, row: int, column: int, text: str) -> None:
        """Put a text from a column on.

        Parameters
        ----------
        row, column : int
            Place of its first character.
        text : str
            The text.
        """
        for k, letter in enumerate(text):
            self._cells[row, column + k] = letter

    def box(self, row: int, column: int, *, height: int, width: int, name: str, top: str) -> None:
        """Draw a box with a name in the middle of it.

        Parameters
        ----------
        row, column : int
            Place of its upper left corner.
        height, width : int
            Its size, borders included.
        name : str
            What stands in it.
        top : str
            What stands on its upper border.
        """
        self.write(row, column, f"+{top:-<{width - 2}}+")
        for k in range(1, height - 1):
            self.write(row + k, column, f"|{'':{width - 2}}|")
        self.write(row + height - 1, column, f"+{'':-<{width - 2}}+")
        self.write(row + (height - 1) // 2, column + 1, f"{name:^{width - 2}}")

    def across(self, row: int, start: int, stop: int, label: str = "", at: int = 1) -> None:
        """Draw a line to the right.

        Parameters
        ----------
        row, start, stop : int
            Its row, its first column and the column after its last.
        label : str
            A word on the line.
        at : int
            Where on the line the word begins.
        """
        self.write(row, start, "-" * (stop - start))
        self.write(row, start + at, label)

    def down(self, column: int, start: int, stop: int) -> None:
        """Draw a line down, through lines across.

        Parameters
        ----------
        column, start, stop : int
            Its column, its first row and its last.
        """
        for row in range(start, stop + 1):
            self.write(row, column, "|")

    def lines(self) -> list[str]:
        """Give the rows as text.

        Returns
        -------
        list of str
            Lines without blanks at their ends.
        """
        rows = range(max((row for row, _ in self._cells), default=-1) + 1)
        widths = {row: max((c for r, c in self._cells if r == row), default=-1) for row in rows}
        return [
            "".join(self._cells.get((row, c), " ") for c in range(widths[row] + 1)).rstrip()
            for row in rows
        ]
