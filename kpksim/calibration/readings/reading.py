"""What every reading of a statement tells of itself."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Reading:
    """How the likelihood of a statement reads it.

    Below, D is the mean difference that the people would show without noise between visits, given
    the study effect and the people's deviation; v its noise between visits; S its standard error.

    Attributes
    ----------
    key : str
        Its name in the vocabulary.
    code : int
        Its number in compiled functions.
    family : int
        Yes or no, count, number.
    alternative : str
        The reading that a sensitivity run takes instead; empty: the statement is left out.
    """

    key: ClassVar[str]
    code: ClassVar[int]
    family: ClassVar[int]
    alternative: ClassVar[str]
