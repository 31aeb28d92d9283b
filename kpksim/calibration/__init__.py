"""From the statements of studies to effect curves: likelihood, posterior, hypotheses."""
