"""Files of body signals, read: one table of all, or a file for each signal."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from emotion.biosignals import SIGNALS, Biosignals, Signal
from emotion.body import clock, names, table
from emotion.body.table import Column
from emotion.body.told import Told
from emotion.bundle import tables
from emotion.errors import BadInput

MOST_FILES = 12  # tables in a zip
FEWEST = 2  # values of a signal
NO_VALUES = ("empty_signals", "few_rows")
LEAST_SHARE = 0.1  # of the cells with anything in them that must be numbers
# Of whose values half may lie below or above: what a skin can have, and its unit.
OF_A_SKIN = {"eda": (0.01, 100.0, "µS"), "temperature": (10.0, 45.0, "°C")}
MOST_ODD = 0.2  # share of values that may lie outside
FASTEST = 10_000.0  # values a second
LONGEST_BEAT = 10.0  # seconds; what is above counts milliseconds
SPARSE = 0.5  # share of empty cells from which on a signal is slower than the rows of its table


@dataclass(frozen=True, eq=False)
class Files:
    """What lies in files of body signals.

    Attributes:
        columns: What may be a signal; no two have one label.
        time: What the column of the time is called.
        told: What was said of them.
    """

    columns: list[Column]
    time: str | None
    told: Told

    @property
    def labels(self) -> list[str]:
        """What the columns are called."""
        return [each.label for each in self.columns]

    @property
    def segments(self) -> list[str]:
        """The stretches of a session's files, in the order in which they begin."""
        begins = {
            name: rows[0] for each in self.columns for name, rows in reversed(each.segments.items())
        }
        return sorted(begins, key=lambda name: begins[name])

    def chosen(self) -> dict[str, Column]:
        """Which column is which signal, as it was said or as it is found out."""
        found: dict[str, Column] = {}
        for name in SIGNALS:
            label = self.told.columns.get(name)
            fits = [each for each in self.columns if label is None and each.kind == name]
            fits = [self._called(label)] if label else fits
            if fits:
                found[name] = fits[0]
        nameless = [each for each in self.columns if each.rate and not each.kind]
        guessed = table.guess([each for each in nameless if each not in found.values()])
        asked = self.told.columns
        return {name: each for name, each in guessed.items() if name not in asked} | found

    def _called(self, label: str) -> Column:
        for each in self.columns:
            if each.label == label:
                return each
        if label == self.time:
            raise BadInput("time_column", column=label)
        known = ", ".join(self.labels)
        raise BadInput("unknown_column", column=label, name=self.columns[0].file, columns=known)


@dataclass(frozen=True, eq=False)
class Recorded:
    """What was read of files.

    Attributes:
        body: The signals, on one clock.
        columns: What the column of each was called.
        segment: Which stretch of a session's files it is; empty for all of any file.
        notices: What somebody should know of what was read.
    """

    body: Biosignals
    columns: dict[str, str]
    segment: str = ""
    notices: tuple[BadInput, ...] = ()

    def beside(self, seconds: float, offset: float = 0.0) -> "Recorded":
        """What was measured while a voice was heard; a segment is that already.

        Args:
            seconds: How long the voice lasts.
            offset: The second of the signals at which it begins.

        Raises:
            BadInput: Nothing was measured then.
        """
        if self.segment:
            return self
        cut = self.body.cut(offset, offset + seconds)
        if not cut.there:
            ends = [each.seconds[[0, -1]] for each in self.body.there.values()]
            begin, end = min(first for first, _ in ends), max(last for _, last in ends)
            facts = {"begin": f"{begin:.1f}", "end": f"{end:.1f}", "offset": f"{offset:.10g}"}
            raise BadInput("signals_elsewhere", **facts)
        return replace(self, body=cut)


def look(paths: Sequence[str | Path], told: Told | None = None) -> Files:
    """Reads the columns of files.

    Of several, those without a value are passed over: a sensor writes a file also for what it has
    not met.

    Raises:
        BadInput: One of them is no table, too large, or its times cannot be read.
    """
    told = told or Told()
    columns: list[Column] = []
    times: list[str] = []
    empty: list[BadInput] = []
    with ExitStack() as zips:
        every = [each for path in paths for each in zips.enter_context(tables(path, MOST_FILES))]
        measured = [each for each in every if not names.beside(each)]
        if every and not measured:
            raise BadInput("no_measured", name=every[0].name)
        for each in measured:
            try:
                found, time = table.read(each, told)
            except BadInput as odd:
                if odd.code not in NO_VALUES:
                    raise
                empty.append(odd)
                continue
            columns += found
            times += [time] if time else []
    if empty and not columns:
        raise empty[0]
    asked = told.columns.get(names.TIME)
    if asked and asked not in times:
        known = ", ".join([*times, *(each.label for each in columns)])
        raise BadInput("unknown_column", column=asked, name=Path(paths[0]).name, columns=known)
    if not columns:
        raise BadInput("no_signals", name=Path(paths[0]).name, columns=", ".join(times))
    return Files(_apart(columns), times[0] if times else None, told)


def read(paths: Sequence[str | Path], told: Told | None = None, voice: str = "") -> Recorded:
    """Reads body signals from one table of all of them, or from a file for each.

    A table has a row of names, among them a time or else a rate that is told; KEMDy's files of a
    session have none, and an Empatica E4's neither.

    Args:
        paths: The files, or zips of them.
        told: What is known of them; whatever is not is found out.
        voice: What the voice is called that was heard meanwhile: the segment of that name is
            read, where there is one.

    Raises:
        BadInput: They hold no signal that can be read, for the reason that it says.
    """
    return taken(look(paths, told), voice)


def taken(files: Files, voice: str = "") -> Recorded:
    """The signals in files; see read()."""
    told, chosen = files.told, files.chosen()
    if not chosen:
        known = ", ".join(files.labels)
        raise BadInput("no_signals", name=files.columns[0].file, columns=known)
    segment = told.segment or (voice if voice in files.segments else "")
    if segment and not any(segment in each.segments for each in chosen.values()):
        raise BadInput("unknown_segment", segment=segment)
    zeros = [each.clock.zero for each in chosen.values() if each.clock and each.clock.zero]
    zero = min(zeros, default=0.0)
    signals: dict[str, Signal] = {}
    notices: list[BadInput] = []
    for name, column in chosen.items():
        others = [each.label for each in files.columns if each.kind == name and each is not column]
        if (others := [*others, *column.rivals]) and name not in told.columns:
            facts = {"column": column.label, "others": ", ".join(others)}
            notices.append(BadInput("several_columns", **facts))
        found = _segment(column, segment) if segment else _signal(name, column, told, notices)
        if found:
            late = column.clock.zero - zero if column.clock and column.clock.zero else 0.0
            signals[name] = _later(found, late)
    if segment:
        begin = min(each.start for each in signals.values())
        signals = {name: _later(each, -begin) for name, each in signals.items()}
    labels = {name: chosen[name].label for name in signals}
    guessed = {each.file: each.clock.guessed for each in chosen.values() if each.clock}
    notices += [BadInput("guessed_unit", name=f, unit=unit) for f, unit in guessed.items() if unit]
    notices += [odd for name in signals if (odd := _odd(name, signals[name], labels[name]))]
    return Recorded(Biosignals(**signals), labels, segment, tuple(notices))


def _odd(name: str, signal: Signal, label: str) -> BadInput | None:
    """That no skin has such values: another unit, another column, or a sensor that was off."""
    if name not in OF_A_SKIN or not np.isfinite(signal.values).any():
        return None
    least, most, unit = OF_A_SKIN[name]
    middle = float(np.nanmedian(signal.values))
    facts = {"column": label, "least": f"{least:g}", "most": f"{most:g}", "unit": unit}
    if not least < middle < most:
        return BadInput("odd_values", middle=f"{middle:.4g}", **facts)
    values = signal.values[np.isfinite(signal.values)]
    odd = values[(values <= least) | (values >= most)]
    if len(odd) <= MOST_ODD * len(values):
        return None
    share = f"{100 * len(odd) / len(values):.0f}"
    return BadInput("odd_part", middle=f"{np.median(odd):.4g}", share=share, **facts)


def _apart(columns: list[Column]) -> list[Column]:
    """The columns with labels of which no two are one."""
    labels = [each.label for each in columns]
    found: dict[str, Column] = {}
    for each in columns:
        label = each.label if labels.count(each.label) == 1 else f"{each.label} ({each.file})"
        n = 2
        while label in found:
            label, n = f"{each.label} ({n})", n + 1
        found[label] = replace(each, label=label)
    return list(found.values())


def _segment(column: Column, segment: str) -> Signal | None:
    """The values of a segment, one after the other."""
    rows = column.segments.get(segment)
    if rows is None or column.clock is None or not column.rate:
        return None
    return Signal(column.numbers[rows], column.rate, float(column.clock.seconds[rows[0]]))


def _signal(name: str, column: Column, told: Told, notices: list[BadInput]) -> Signal:
    """The values of a column as a signal."""
    written, rate = column.written, told.rates.get(name) or column.rate
    if rate and written.mean() > SPARSE:  # what is empty is missing, but for rows at the end
        written = np.arange(len(written)) <= np.flatnonzero(written)[-1]
    seconds = column.clock.seconds if column.clock else None
    if seconds is not None:
        written = written & np.isfinite(seconds)
    values = column.numbers[written]
    n_odd = int((column.written & np.isnan(column.numbers)).sum())
    if len(values) < FEWEST:
        raise BadInput("few_rows", name=column.file)
    if np.isfinite(values).sum() < max(FEWEST, LEAST_SHARE * len(values)):
        raise BadInput("few_values", name=column.file, column=column.label)
    if n_odd:
        notices.append(BadInput("cells_missing", column=column.label, n=n_odd))
    if name == "ibi":
        if names.unit(column.label) == "ms" or np.nanmedian(values) > LONGEST_BEAT:
            values = values / 1000
        at = np.nancumsum(values) if seconds is None else seconds[written]
        return Signal(values, 1.0, at=at)
    if rate:
        return Signal(values, rate, 0.0 if seconds is None else float(seconds[written][0]))
    if seconds is None:
        raise BadInput("no_rate", name=column.file, column=column.label)
    signal = clock.steady(seconds[written], values)
    if signal.rate > FASTEST:
        facts = {"rate": f"{signal.rate:.4g}", "units": ", ".join(clock.SCALE)}
        raise BadInput("fast_time", name=column.file, column=column.label, **facts)
    return signal


def _later(signal: Signal, seconds: float) -> Signal:
    at = None if signal.at is None else signal.at + seconds
    return replace(signal, start=signal.start + seconds, at=at)
