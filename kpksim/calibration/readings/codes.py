"""Numbers by which compiled functions know readings, families and columns."""

(
    PERCENT_CHANGE, POINTS, MEAN_SCORE, EFFECT_SIZE,
    EVER_RESPONDED, RESPONDED, RELAPSE,
    SIGNIFICANT, DIRECTION, NOT_SIGNIFICANT, ORDER, PLATEAU, OFFSET,
    INTERVAL, GONE_BY, BELOW_THRESHOLD,
) = range(16)  # fmt: skip

YES_NO, COUNT, NUMBER = range(3)
"""Families: what a statement says, and so what a reading expects.

yes or no: the probability of yes; count: the probability of each person and the correlation of
the count with the latent deviation of the people; number: mean and standard deviation.
"""

SYMPTOM, PLAIN = range(2)
"""Forms of a mean: percent of a symptom score that can fall by 100, or points without an end."""

AS_IT_IS, CHANGE, SCORE = range(3)
"""Units of a statement: as the effect itself; change in points of a baseline; the score itself."""

KIND, STARTS, COUNTS, STARTS2, COUNTS2, GROUP, GROUP2, SAME, OWN, BASELINE, UNIT, TABLED = range(12)
"""Columns of whole numbers of a statement."""

PEOPLE, LOW, HIGH, THRESHOLD, ERROR, VALUE, DOUBT, FLAT = range(8)
"""Columns of numbers of a statement."""

SIGNIFICANCE = 1.96
"""Standard errors beyond which a difference counts as significant, two-sided p < 0.05."""
