"""Importing a clinic's old appointment book: `load_mapping`, `read_book`, then `import_book` in one transaction."""

from .book import Book, read_book
from .mapping import load_mapping
from .reading import Progress, Refusal
from .report import ImportReport, Overlap, RowsRefused, check_report_path, write_report
from .rules import BookMapping
from .writing import import_book

__all__ = [
    "Book",
    "BookMapping",
    "ImportReport",
    "Overlap",
    "Progress",
    "Refusal",
    "RowsRefused",
    "check_report_path",
    "import_book",
    "load_mapping",
    "read_book",
    "write_report",
]
