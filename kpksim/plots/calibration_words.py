"""Words of the figures of a calibration: what they are of, numbers, statements."""

from kpksim.calibration.results import (
    MIXTURE,
    Interval,
    Predicted,
    Predictive,
    Results,
    StatementFacts,
)
from kpksim.plots.words import EN_DASH, MINUS, say_number, when
from kpksim.vocabulary import USE_LINE


def about(results: Results, hypothesis: str = "") -> str:
    """Say of what calibration a figure is, and what it is for.

    Parameters
    ----------
    results : Results
        What a calibration found.
    hypothesis : str, optional
        Key of the hypothesis that it is of; ``"mixture"`` for all of them.

    Returns
    -------
    str
        Sentences for the foot.
    """
    labels = {one.key: one.label for one in results.hypotheses} | {MIXTURE: "Mixture"}
    label = labels.get(hypothesis, "")
    of = f"{label}. " if label else ""
    return f"{of}{len(results.statements)} statements about {results.outcome}. {USE_LINE}"


def decimal(value: float, places: int = 1) -> str:
    """Write a difference with its sign and a fixed number of decimals.

    Parameters
    ----------
    value : float
        A difference.
    places : int, optional
        Decimals.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> decimal(0.34), decimal(0.0)
    ('+0.3', '0.0')
    """
    rounded = round(value, places)
    sign = "+" if rounded > 0.0 else MINUS if rounded < 0.0 else ""
    return f"{sign}{abs(rounded):.{places}f}"


def say_interval(interval: Interval, digits: int = 2) -> str:
    """Write a median with its 90 % interval.

    Parameters
    ----------
    interval : tuple of float
        5 %, 50 % and 95 % quantile.
    digits : int, optional
        Significant digits.

    Returns
    -------
    str
        The numbers.

    Examples
    --------
    >>> say_interval((3.31, 7.1, 16.2))
    '7.1 (3.3 to 16)'
    """
    low, median, high = (say_number(value, digits=digits) for value in interval)
    return f"{median} ({low} to {high})"


def observed_words(facts: StatementFacts, one: Predictive) -> str:
    """Write what was observed: a count of people, a number, or nothing for yes and no.

    Parameters
    ----------
    facts : StatementFacts
        The statement.
    one : Predictive
        What is predicted of it.

    Returns
    -------
    str
        Short words.
    """
    if one.family == "count":
        people = one.n if one.n is not None else facts.n
        return f"{one.observed:g} of {people:g}" if people is not None else f"{one.observed:g}"
    return say_number(one.observed, digits=2) if one.family == "number" else ""


def predicted_words(one: Predicted) -> str:
    """Write what is expected: a probability, or a median with its 90 % interval.

    Parameters
    ----------
    one : Predicted
        What is predicted.

    Returns
    -------
    str
        Short words; a dash where nothing is known.
    """
    if one.probability is not None:
        return f"{one.probability:.2f}"
    if one.low is None or one.median is None or one.high is None:
        return EN_DASH
    return say_interval((one.low, one.median, one.high))


def times_words(facts: StatementFacts) -> str:
    """Say when a statement looks.

    Parameters
    ----------
    facts : StatementFacts
        The statement.

    Returns
    -------
    str
        One time, or the first and the last.
    """
    if not facts.hours:
        return ""
    first, last = when(min(facts.hours)), when(max(facts.hours))
    return first if first == last else f"{first} to {last}"
