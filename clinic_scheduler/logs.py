"""The log of this workstation: a few megabytes beside the data."""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path


def start(folder: Path) -> None:
    """Keep the log in a folder from now on, if it is not kept already; where there is no place for it, none."""
    root, path = logging.getLogger(), folder / "clinic-scheduler.log"
    kept = (one.baseFilename for one in root.handlers if isinstance(one, RotatingFileHandler))
    if str(path.absolute()) in kept:
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        logging.getLogger("alembic").setLevel(logging.WARNING)
