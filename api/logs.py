"""How does the process log: one JSON line per event, without bodies, queries or names of customers?"""

import logging
import sys
from typing import TextIO

import structlog


def configure(level: str = "INFO", *, out: TextIO | None = None) -> None:
    """Let structlog write JSON lines to *out* (standard error), and quiet the libraries that log what was sent."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(out or sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in ("uvicorn.access", "sqlalchemy.engine"):
        # Their lines hold the query string, or the parameters of a statement.
        logging.getLogger(name).disabled = True
