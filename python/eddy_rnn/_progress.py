"""The bar that shows how far a training is: on a terminal and in a notebook, nowhere else."""

from __future__ import annotations

import math
import sys
import time

from ._core import Progress

WIDTH = 24
SECONDS_BETWEEN = 0.1


def is_watched() -> bool:
    """Whether someone looks at standard error: a terminal, or a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return sys.stderr.isatty() or type(shell).__name__ == "ZMQInteractiveShell"


def clock(seconds: float) -> str:
    if math.isnan(seconds):
        return "?"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


class Bar:
    def __init__(self, title: str) -> None:
        self.title = title
        self.shown = 0.0
        self.width = 0

    def __call__(self, progress: Progress) -> None:
        last = progress.step == progress.total
        if not last and time.monotonic() - self.shown < SECONDS_BETWEEN:
            return
        self.shown = time.monotonic()
        share = min(1.0, progress.step / progress.total) if progress.total else 0.0
        bar = ("#" * round(share * WIDTH)).ljust(WIDTH)
        text = f"{self.title} {share:4.0%} |{bar}| {progress.step}/{progress.total} "
        at_most = "at most " if progress.may_end_early else ""
        text += f"[{clock(progress.seconds)}<{at_most}{clock(progress.seconds_left)}]"
        for name, value in (("loss", progress.loss), ("held out", progress.validation)):
            if not math.isnan(value):
                text += f" {name} {value:.4f}"
        self.write(text)

    def write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self.width))
        sys.stderr.flush()
        self.width = len(text)

    def close(self) -> None:
        if self.width:
            sys.stderr.write("\n")
            sys.stderr.flush()
