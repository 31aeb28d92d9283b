"""The words of the page about the reference model."""

TEXT = """\
# The reference model

`{name}` is racemic ketamine as S and R, with norketamine, hydroxynorketamine (HNK) and
dehydronorketamine (DHNK), by every route, in venous and in arterial plasma. It is fitted here in
the open: `make reference` fits it anew from the observed rows that ship with kpksim, and
`experiments/reference_model/README.md` says how. A test checks that the shipped numbers are the
minimum of that fit and that this page tells of them.

**Grade D throughout**: derived here, published nowhere else. For research and teaching, not for
dosing.

## How well it does

Sources were split before the first fit (`configs/reference_model/split.toml`). *Fitted* rows
shaped the numbers, *held-back* rows did not. GMFE is the geometric mean fold error; each source
counts the same. Levels and exposures count, times of peaks are told apart below.
Held-back sources were not blind: reports of trial fits showed them, and the model of errors was
changed after the first whole report (`experiments/reference_model/README.md` says what and why).

{figures}

{sources}

The previous set, `reference_racemic_2026a`, was composed from published parts, some of them from
sources that are held back here. On the rows that both sets give:

{previous}

## What is informed and what is prior

Estimates for 70 kg, at the most probable point. *Before* is the 95 % interval of the prior, and
*narrower by* is the share of its standard deviation that the rows take away: the rest is belief.

{estimates}

The rows say more than the priors in {told} of {parameters} directions. The correlations of the
estimates have a condition number of {condition}; pairs beyond 0.7: {pairs}.

What rests on priors and nothing else: every number of SC, IM and nasal absorption, R-DHNK, and
DHNK after a swallowed dose. What the sources stop too early for: the terminal phase of HNK
(half-life here {half_life_hnk} h) and of norketamine; that of ketamine ({half_life} h) rests on
two points near the floor of one figure.

## Arterial and venous

35 mg of racemate over 40 min:

{sites}

The arterial model of simons2022 gives 289 ng/mL at the end and 63 ng/mL 40 min later, the venous
one of fanta2015 and otto2021 158 and 79. The order turns round as there; the gap is smaller. In the
one venous group that is held back (otto2021, 10 mg over 30 min) 56 ng/mL were seen at the end: the
model of otto2021 gives 51, this one {otto}.

## One dose by each route

{routes}

Cmax in ng/mL, Tmax in h, areas in ng h/mL, venous. The peak of ketamine after 25 mg by mouth is
{oral} ng/mL; chong2006 saw 22.8 ± 12.8, and the previous set gave 10 to 12.

## Hydroxynorketamine

{hnk}

Within a few hours of an infusion little HNK is seen (kampbja2020); over all time there is more of
it than of ketamine (hasan2021). One compartment cannot give both, two can come near: HNK that
spreads widely and returns slowly. The rest is a disagreement between sources that no model of one
kind of people removes. The ratio of 0.33 after IV in hasan2017 contradicts hasan2021 (1.7 and
3.1) and is left out of the fit and of the figures: the model gives about 1.7, five times as much.
After a swallowed dose, HNK that forms before the blood lifts the ratio from 4.9 in the previous
set to the values above.

## What it misses

Counted rows of ketamine and norketamine that are off by more than a factor of 1.6:

{misses}

- **fanta2015**: bioavailability 0.08 by mouth, where chong2006 has 0.23, yanagihara2003 0.20 and
  hasan2021 0.15 to 0.19 from a tablet. No one number serves all; theirs would also mend the ratio
  of norketamine.
- **perezruixo2021**: typical exposures of a model whose printed norketamine areas are 1.4 to 1.6
  times below what its own parameters give. Its second spray is absorbed less than the first.
- **otto2021 at 0.5 h**: norketamine in a vein lags behind the artery as ketamine does. A delay
  for it was tried; no fitted row asks for it, and it costs four states, so it was left out.
- **simons2022**: a film held in the mouth for 10 min gives a sharper peak of norketamine than a
  lozenge with its swallowed rest.
- **kampbja2020 at 1 h**: R 1.9 times the value at 0.5 h under one infusion rate, beside S with 1.4
  times: a reading error, kept as it is.

Times of peaks:

{peaks}

## Does it hold?

**Starts.** {starts}.

**Without a source.** Whether the curves of kampbja2020 are observed means is not settled. Without
them, and without each other source:

{without}

**Simpler models.** A sum of squares that rises by more than 4 for two parameters is a loss that
chance seldom makes:

{simpler}

Two delay compartments are kept as in the raw-data model of Kamp; the rows would be content with
one.

**Profiles.** Rise of half the sum of squares with one parameter held and all others fitted anew.
The covariance says 2.0, 0.5, 0.5 and 2.0:

{profiles}

Written by `make reference OPTIONS=--docs`.
"""
