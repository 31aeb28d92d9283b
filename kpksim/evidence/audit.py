"""Where the review and the primary papers disagree, and what that means for a fit."""

from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from kpksim.documents import Document, at_place, parse_document
from kpksim.errors import DataError

PLACE = "evidence/studies/audit.toml"
Text = Annotated[str, Field(min_length=1)]


class Finding(Document):
    """One disagreement or error.

    Attributes
    ----------
    id : str
        Its name, the same in every version of the data.
    rows : list of str
        Rows of the extraction that it represents; may be empty.
    studies : list of str
        Keys of the studies that it is about; empty when it is about the review as a whole.
    title : str
        A few words.
    review : str
        What the review says.
    primary : str
        What the primary paper says, or the arithmetic.
    consequence : str
        What a fit does about it.
    """

    id: Text
    rows: list[Text] = Field(default_factory=list)
    studies: list[Text] = Field(default_factory=list)
    title: Text
    review: Text
    primary: Text
    consequence: Text


class _File(Document):
    """The whole file."""

    findings: list[Finding] = Field(min_length=1)


@cache
def audit() -> tuple[Finding, ...]:
    """Give every disagreement, those of one study together.

    Returns
    -------
    tuple of Finding
        In the order of the file.

    Raises
    ------
    DataError
        If the file breaks a rule.
    """
    text = files("kpksim.evidence").joinpath("studies", "audit.toml").read_text(encoding="utf-8")
    found = parse_document(text, _File, PLACE).findings
    names = [one.id for one in found]
    for name in names:
        if names.count(name) > 1:
            with at_place(PLACE):
                raise DataError(f'findings: the id "{name}" stands twice; give each its own')
    return tuple(found)
