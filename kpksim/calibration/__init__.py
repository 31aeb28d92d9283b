"""From statements to effect curves: likelihood, posterior, and what the evidence cannot tell."""
