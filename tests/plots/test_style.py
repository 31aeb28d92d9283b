from importlib.resources import files

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from kpksim.plots.style import DRAWN, WRITTEN, letter

FONTS = sorted(
    (file for file in files("kpksim.plots").joinpath("fonts").iterdir()), key=lambda f: f.name
)
# Machado, Oliveira and Fernandes 2009, severity 1.0, applied to linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast_on_white(colour):
    return 1.05 / (linear(colour) @ [0.2126, 0.7152, 0.0722] + 0.05)


def lab(rgb):
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    share = to_xyz @ rgb / [0.9505, 1.0, 1.089]
    f = np.where(share > 0.008856, np.cbrt(np.maximum(share, 0.0)), 7.787 * share + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_lines_differ_in_every_kind_of_sight(sight):
    seen = [lab(np.clip(np.array(SIGHTS[sight]) @ linear(one), 0.0, 1.0)) for one in DRAWN]
    away = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(away) >= 26.0


@pytest.mark.parametrize("colour", DRAWN)
def test_a_line_stands_out_from_white(colour):
    assert contrast_on_white(colour) >= 3.0


@pytest.mark.parametrize("colour", WRITTEN)
def test_a_letter_can_be_read_on_white(colour):
    assert contrast_on_white(colour) >= 5.0


def test_letters_go_on_after_the_alphabet():
    assert len({letter(place) for place in range(60)}) == 60


def test_the_fonts_are_small_and_come_with_their_licence():
    names = [file.name for file in FONTS]
    assert names == [
        *(f"KpksimSans-{weight}.ttf" for weight in ("Medium", "Regular", "SemiBold")),
        "OFL.txt",
        "README.md",
    ]
    assert all(len(file.read_bytes()) <= 40_000 for file in FONTS)
    assert "SIL OPEN FONT LICENSE Version 1.1" in FONTS[-2].read_text(encoding="utf-8")
