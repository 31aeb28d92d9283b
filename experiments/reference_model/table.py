"""Observed and predicted rows as CSV."""

import csv
import io

from experiments.reference_model.judged import Compared

COLUMNS = (
    "source", "arm", "id", "analyte", "enantiomer", "metric", "time_h", "observed", "predicted",
    "unit", "ratio",
)  # fmt: skip


def table(compared: Compared) -> str:
    """Write every row with its prediction.

    Parameters
    ----------
    compared : Compared
        Rows and predictions.

    Returns
    -------
    str
        CSV.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row, predicted, ratio in zip(
        compared.rows, compared.predicted, compared.ratios, strict=True
    ):
        one = row.observation
        writer.writerow([
            row.source, row.arm.name, one.id, one.analyte, one.enantiomer, one.metric,
            "" if one.metric != "concentration" else f"{one.time:g}",
            f"{one.value:.5g}", f"{predicted:.5g}", one.unit, f"{ratio:.4f}",
        ])  # fmt: skip
    return text.getvalue()
