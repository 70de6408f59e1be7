"""What is written down while training: a line an epoch, and curves for TensorBoard."""

import json
from pathlib import Path
from typing import Any

from train.files import write_text
from train.state import Place

LOG = "log.jsonl"
CURVES = "tensorboard"


class Journal:
    """Writes a run's log and curves; what was written of steps that are done again is dropped.

    Args:
        folder: The run folder.
        place: Where the run begins, or goes on.
        silent: Whether to write nothing, for all processes but the first.
    """

    def __init__(self, folder: Path, place: Place, silent: bool) -> None:
        self.log = folder / LOG
        self.curves: Any = None
        if silent:
            return
        # Imported here because only who writes needs it.
        from torch.utils.tensorboard import SummaryWriter

        text = self.log.read_text(encoding="utf-8") if self.log.is_file() else ""
        # A line without its end was cut off while it was written; its epoch is done again.
        lines = [line for line in text.splitlines(keepends=True) if line.endswith("\n")]
        kept = [line for line in lines if json.loads(line)["epoch"] <= place.epoch]
        write_text(self.log, "".join(kept))
        self.curves = SummaryWriter(folder / CURVES, purge_step=place.total + 1)

    def step(self, place: Place, figures: dict[str, float]) -> None:
        """Draws a step's figures into their curves."""
        if self.curves:
            for name, value in figures.items():
                self.curves.add_scalar(name, value, place.total)

    def epoch(self, place: Place, line: dict[str, Any], figures: dict[str, float]) -> None:
        """Writes an epoch's line, and draws its figures on the development side."""
        if not self.curves:
            return
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**line, "figures": figures}, ensure_ascii=False) + "\n")
        if figures:
            named = {f"dev/{name}": value for name, value in figures.items()}
            self.step(place, {**named, "dev/score": line["score"]})
        self.curves.flush()

    def close(self) -> None:
        """Ends the curves' file."""
        if self.curves:
            self.curves.close()
