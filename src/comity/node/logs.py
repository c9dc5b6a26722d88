"""Log lines of a running node: one JSON object or one line of text each, on stderr, never a word of a case.

Only the fields named here leave the process; a message that is not an event name of ours is cut to its logger's name.
"""

from __future__ import annotations

import logging
import sys
import threading

import structlog

FIELDS = ("relation", "code", "failures", "fault", "status", "door", "count", "seconds", "at")


def set_up(form: str) -> None:
    """`form`: "json" or "text"."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.ExtraAdder(allow=FIELDS),
                _only_events,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("comity").setLevel(logging.INFO)
    threading.excepthook = _thread_died


def _thread_died(args: threading.ExceptHookArgs) -> None:
    """A fault of the program in a thread: its kind and place, not its message, which may quote a case."""
    fields = {"fault": args.exc_type.__name__, "at": _place(args.exc_traceback)}
    logging.getLogger("comity.thread").error("thread.died", extra=fields)


def _only_events(_: object, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Messages of libraries may quote what a user sent: keep their logger and level, and the kind of an exception."""
    if not str(event.get("logger", "")).startswith("comity"):
        record = event.get("_record")
        found = getattr(record, "exc_info", None)
        event["event"] = "exception" if found else "message"
        if found:
            event["fault"] = found[0].__name__ if found[0] is not None else ""
            event["at"] = _place(found[2])
        event.pop("exc_info", None)
        event.pop("exception", None)
        if isinstance(record, logging.LogRecord):
            record.exc_info, record.exc_text = None, None
    return event


def _place(trace: object) -> str:
    """Where an exception was raised: file and line, no values."""
    last = ""
    while trace is not None:
        code = trace.tb_frame.f_code  # type: ignore[attr-defined]  # a traceback
        last = f"{code.co_filename.rpartition('/site-packages/')[2].rpartition('/src/')[2]}:{trace.tb_lineno}"  # type: ignore[attr-defined]
        trace = trace.tb_next  # type: ignore[attr-defined]
    return last
