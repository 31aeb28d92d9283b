"""What is said of clinical studies: constructs, statements, readings, clocks, designs."""

CONSTRUCTS = {
    "anxiety": "symptoms of anxiety",
    "depression": "symptoms of depression",
    "suicidal ideation": "thoughts of suicide",
    "dissociation": "feeling detached from oneself or the world",
    "blood pressure": "pressure and heart rate",
    "function": "work, social life and cognition",
    "tolerability": "unwanted effects, people who leave a study",
    "biology": "brain activity, proteins, concentrations in blood",
}
"""What a statement of a clinical study is about."""

OUTCOMES_OF = {
    "anxiety": ("anxiety",),
    "depression": ("depression",),
    "dissociation": ("dissociation",),
    "blood pressure": ("sbp", "dbp"),
}
"""Outcomes whose curves a construct can be held against."""

STATEMENT_TYPES = {
    "percent change": "change from baseline in percent of it",
    "mean change": "change from baseline in points",
    "mean": "mean score, or another mean number",
    "responders": "k of n whose score fell beyond a threshold",
    "effect size": "standardised difference between arms or from baseline",
    "significant": "a difference that reached p < 0.05",
    "not significant": "a difference that did not",
    "onset within": "an effect is there by a time",
    "lasts at least": "an effect is still there at a time",
    "back to baseline by": "an effect is gone by a time",
    "peak about": "an effect is largest near a time",
    "relapse": "symptoms came back",
    "order of doses": "one dose does more than another, or no more",
    "none observed": "something was looked for and not seen",
    "correlation": "two measures go together, or do not",
    "odds ratio": "odds of a response in one group over another",
    "adverse event": "an unwanted effect, with or without its number",
    "remark": "words without a number, an order or a time",
}
"""Kinds of statements of clinical studies."""

READINGS = {
    "percent change": "normal around the mean percent change",
    "points": "normal around the mean change in points, through a baseline",
    "ever responded": "binomial: at least one of several visits beyond the threshold",
    "responded": "binomial: one visit beyond the threshold",
    "significant": "the test was passed, by its power",
    "direction": "only the sign of a difference",
    "not significant": "the test was not passed, by its power",
    "effect size": "normal around the standardised difference",
    "order": "the sign of a difference: the first arm, or the later of two times, does more",
    "plateau": "a difference smaller than a margin",
    "interval": "words as a range of the observed mean",
    "below threshold": "mean score under a clinical level",
    "offset": "significant at one rating, not significant at the next",
    "gone by": "mean drug effect small by a time",
    "relapse": "share of people whose relief is lost by a time",
    "mean score": "normal around the mean score itself",
    "not used": "says nothing that a curve could be held against",
}
"""How the likelihood of a statement may read it."""

CLOCKS = {
    "first dose": "from the start of the first dose",
    "last dose": "from the start of the last dose of the course",
    "each dose": "from the start of each dose, or of any dose",
    "none": "no time is stated or needed; the statement says why",
}
"""What the time of a statement counts from."""

BLINDING = ("open", "double-blind", "single-blind", "retrospective", "mixed")
CONTROLS = ("none", "saline", "midazolam", "waiting", "other dose")
LAYOUTS = (
    "single arm", "ascending doses", "crossover", "parallel", "case series", "cohort", "subgroup",
)  # fmt: skip
ARM_KINDS = ("drug", "midazolam", "placebo", "no treatment")

VERDICTS = {
    "leading": "leading",
    "cannot tell": "cannot tell",
    "leans": "leans against",
    "favoured": "leader favoured",
}
"""What a verdict, leading hypothesis against another, says of the other."""
