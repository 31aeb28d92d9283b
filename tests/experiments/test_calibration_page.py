"""The page of calibration in docs/ says what the stored results say."""

from experiments.calibration.page import model, page
from experiments.calibration.run import in_order, stored
from experiments.command import TOP
from kpksim.vocabulary import READINGS


def test_the_page_of_docs_is_the_current_one():
    assert (TOP / "docs" / "calibration.md").read_text(encoding="utf-8") == page(stored())


def test_the_page_says_verdicts_first_then_the_model_then_every_outcome(calibration):
    text = page([calibration])
    heads = [
        "## Anxiety score: what may be said",
        "## The model",
        "## The likelihood",
        "## Made up",
    ]
    places = [text.index(f"{head}\n") for head in heads]
    assert places == sorted(places)
    assert "**Favoured:** a fast and a slow clock" in text
    assert "zarate2012-5: Lower when the infusion ends." in text
    assert "Not identified: time that expectation takes." in text


def test_every_reading_is_explained():
    text = model()
    assert [key for key in READINGS if f"| {key} |" not in text] == ["not used"]


def test_results_stand_in_the_order_of_the_outcomes(calibration):
    later = calibration.model_copy(update={"outcome": "sbp"})
    assert in_order([later, calibration]) == [calibration, later]
