"""The tour: the whole main job in a process of its own, with pictures and a PDF to look at."""

import os
import subprocess
import sys

import pypdfium2
from PySide6.QtGui import QImage

from tests.support.sources import ROOT


def test_the_tour_books_a_visit_and_leaves_pictures_and_a_pdf(tmp_path):
    out = tmp_path / "tour"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "main.py"), "tour", "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout
    assert "three appointments of one booking in the database, no hold left over" in done.stdout
    assert "3 of 3 booked" in done.stdout
    pictures = sorted(out.glob("*.png"))
    assert len(pictures) >= 11
    for path in pictures:
        picture = QImage(str(path))
        assert picture.width() >= 880, path
        pixels = {
            picture.pixel(x, y) for x in range(0, picture.width(), 9) for y in range(0, picture.height(), 9)
        }
        assert len(pixels) > 20, f"{path} is empty"
    day = pypdfium2.PdfDocument(str(out / "day.pdf"))
    assert "Page 1 of" in day[0].get_textpage().get_text_bounded()
    day.close()
