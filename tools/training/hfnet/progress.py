"""A progress bar on standard error: redrawn on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time


class Progress:
    def __init__(self, title: str, total: int, quiet_interval: float = 60.0) -> None:
        self.title = title
        self.total = max(1, total)
        self.terminal = sys.stderr.isatty()
        self.interval = 0.2 if self.terminal else quiet_interval
        self.start = time.monotonic()
        self.first: int | None = None
        self.last_drawn = 0.0

    def update(self, done: int, note: str = "") -> None:
        """Shows `done` of the total; rate-limited."""
        now = time.monotonic()
        if self.first is None:
            self.first = done
        if now - self.last_drawn < self.interval and done < self.total:
            return
        self.last_drawn = now
        rate = (done - self.first) / max(1e-9, now - self.start)
        left = (self.total - done) / rate if rate > 0 else 0.0
        filled = int(24 * done / self.total)
        bar = "#" * filled + "-" * (24 - filled)
        text = f"{self.title} [{bar}] {done}/{self.total} {rate:.2f}/s, {left / 60:.1f} min left {note}"
        sys.stderr.write(f"\r\033[K{text}" if self.terminal else f"{text}\n")
        sys.stderr.flush()

    def close(self) -> None:
        if self.terminal:
            sys.stderr.write("\n")
