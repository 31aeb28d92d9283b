"""Every source once: who, when, where, and what is known to be wrong in it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from kpksim.documents import at_place
from kpksim.errors import unknown

_OTHERS = "others"


@dataclass(frozen=True)
class Source:
    """A paper, an abstract, a label, or this project itself.

    Attributes
    ----------
    key : str
        First author and year, as written in model and study files.
    authors : tuple of str
        Family name and initials; ``"others"`` at the end stands for names that were not seen.
    year : int
        Year of publication.
    title : str
        Title; empty when it was not seen.
    journal : str
        Journal, abbreviated.
    volume : str
        Volume, issue and pages as printed in a reference list.
    doi, pmid, pmcid, url : str
        Ways to find it; empty when not seen.
    kind : str
        ``"article"``, ``"abstract"``, ``"preprint"``, ``"book"``, ``"label"`` or
        ``"this project"``.
    verified : bool
        Whether the identifier was seen next to this work at a publisher or an index.
    errata : tuple of str
        Known faults of the source that touch the numbers used here.
    """

    key: str
    authors: tuple[str, ...]
    year: int
    title: str = ""
    journal: str = ""
    volume: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    kind: str = "article"
    verified: bool = False
    errata: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """Authors and year as they stand in a sentence."""
        names = [name if self.kind == "this project" else _family(name) for name in self.authors]
        if len(names) > 2 or _OTHERS in names:
            return f"{names[0]} et al. {self.year}"
        return f"{' & '.join(names)} {self.year}"


def source(key: str) -> Source:
    """Give a source of the bibliography.

    Parameters
    ----------
    key : str
        Its key, such as ``"otto2021"``.

    Returns
    -------
    Source
        The source.

    Raises
    ------
    UnknownName
        If the bibliography has no such key; the message suggests the nearest one.

    Examples
    --------
    >>> source("otto2021").doi
    '10.1007/s00228-021-03104-1'
    """
    sources = all_sources()
    if key not in sources:
        raise unknown("source", key, list(sources), f"the bibliography holds {len(sources)}")
    return sources[key]


def check_source(key: str, place: str, owner: str) -> None:
    """Refuse a source that the bibliography does not hold.

    Parameters
    ----------
    key : str
        The key; ``"user"`` is no paper and is always known.
    place : str
        Place in the file that names it.
    owner : str
        What may be the user's own, such as ``"model"``.

    Raises
    ------
    DataError
        If there is no such source; the message gives the place and the way out.

    Examples
    --------
    >>> check_source("user", "source", "model")
    """
    if key != "user":
        with at_place(f'{place} (a {owner} of your own has source = "user")'):
            source(key)


def cite(key: str) -> str:
    """Write a source in one line.

    Parameters
    ----------
    key : str
        Its key.

    Returns
    -------
    str
        Authors, year, journal and the best identifier that is known.

    Raises
    ------
    UnknownName
        If the bibliography has no such key.

    Examples
    --------
    >>> cite("clements1981")
    'Clements & Nimmo 1981, Br J Anaesth 53:27. doi:10.1093/bja/53.1.27'
    """
    found = source(key)
    place = " ".join(part for part in (found.journal, found.volume) if part) or found.title
    work = ", ".join(part for part in (found.short, place) if part)
    return ". ".join(part for part in (work, _identifier(found)) if part)


@cache
def all_sources() -> Mapping[str, Source]:
    """Give the whole bibliography.

    Returns
    -------
    mapping of str to Source
        Every source by key, in the order of the file.

    Examples
    --------
    >>> all_sources()["kpksim2026"].kind
    'this project'
    """
    text = files("kpksim").joinpath("bibliography.toml").read_text(encoding="utf-8")
    return MappingProxyType({key: _source(key, one) for key, one in tomllib.loads(text).items()})


def _source(key: str, record: dict[str, object]) -> Source:
    """Make a source from its record."""
    lists = {name: tuple(value) for name, value in record.items() if isinstance(value, list)}
    return Source(key=key, **(record | lists))  # type: ignore[arg-type]  # a test checks the types


def _family(name: str) -> str:
    """Drop the initials of a name."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 1 and words[-1].isupper() else name


def _identifier(found: Source) -> str:
    """Write the best identifier that is known."""
    named = {"doi:": found.doi, "PMID:": found.pmid, "": found.pmcid or found.url}
    return next((label + value for label, value in named.items() if value), "")
