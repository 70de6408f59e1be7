"""What can be wrong with an input, each as one clear sentence that says what to do."""

from pathlib import Path

# What is heard, as people call it; see emotion.containers.
FORMATS = "WAV, AIFF, FLAC, MP3, AAC, M4A, OGG, MP4, MOV, MKV or WebM"

MESSAGES = {
    "no_input": "There is nothing to read: record, choose a clip, or type what was said.",
    "long_text": "The text has {n} letters, and up to {most} are read. Give one utterance at a "
    "time.",
    "missing_file": "{name} does not exist. Check the path.",
    "unreadable_file": "{name} cannot be opened: {reason}. Check the path and its permissions.",
    "empty_file": "{name} is empty. Record again or choose another file.",
    "not_media": f"{{name}} is not an audio or video file that can be read. Choose {FORMATS}.",
    "no_audio_stream": "{name} has no sound in it. Choose a file with an audio track.",
    "no_samples": "{name} holds no sound that can be decoded: it may have been cut off. "
    "Record or export it again.",
    "too_short": "{name} is only {milliseconds} ms long. At least {least} ms are needed.",
    "bad_rate": "A sampling rate of {rate} Hz cannot be used. Give samples with a rate of "
    "{least} to {most} Hz.",
    "bad_samples": "These samples cannot be used: {reason}. Give one row a channel or one column a "
    "channel of numbers.",
    "bad_unusual": "How far a voice is from its speaker's others is {wanted} numbers; what was "
    "given has the shape {shape}. Let emotion.model.usual.Speakers tell it.",
    "whisper_unreachable": "The speech recognizer ({size}) cannot be fetched from here. Type what "
    "was said, or go on with the voice alone.",
    "whisper_unknown": "There is no speech recognizer called {size}. Choose one of {choices}, or "
    "the path of a Whisper checkpoint.",
    "whisper_broken": "The speech recognizer {size} cannot be loaded: {reason}. Type what was "
    "said, or go on with the voice alone.",
    "no_speech": "No speech was found in this clip, so there are no words to write down.",
    "silent_recording": "Nobody speaks in {name}: no speech was found in it from beginning to end.",
    "damaged_recording": "Parts of {name} are damaged and could not be heard: they are left out.",
    "unknown_ending": "{name} ends in no format that can be written: end it in one of {choices}.",
    "words_absent": "The speech recognizer is not on this machine yet, so the voice alone is "
    "heard. Analyze a clip with words once to fetch it.",
    "words_behind": "The words cannot be written down as fast as they are spoken: from here on the "
    "voice alone is heard.",
    "unsure": "This is unlike what the model knows: no emotion stands out, so read little into it.",
    "no_words": "There is no word in this text, only digits or signs: read little into it.",
    "words_unknown": "This model has not met most of these words: it may not know their language, "
    "so read little into it.",
    "words_cut": "There are more words than the model reads at once: the last ones were left out.",
    "words_unread": "This model hears the voice alone: the words were not read.",
    "voice_unheard": "This model reads words alone: how they were said was not judged.",
    "unknown_checkpoint": "No model is called {name}: it is neither a folder with a config.json "
    "nor one that ships with this program.",
    "hub_unreachable": "The model {name} is not on this machine and its hub cannot be reached. "
    "Give a folder, or leave the name out for the model that ships with this program.",
    "broken_checkpoint": "The model in {name} cannot be loaded: {reason}. Fetch it again, or, if "
    "another version of this program made it, train it anew.",
    "large_model": "The model {name} takes {size} GB, and all models that are compared may take "
    "{limit} GB together.",
    "no_judgement": "The model {name} cannot judge this clip: {reason}.",
    "no_models": "There is nothing to compare: choose a model.",
    "many_models": "At most {most} models are compared at once: choose fewer.",
    "not_offered": "The model {name} is not offered here: choose one of those listed.",
    "no_graph": "The model {name} cannot be drawn as a graph: only compact voices, and "
    "compact words or grams, can.",
    "cannot_without": "This model ({name}) needs {needs}; it was given {given}.",
    "no_voice": "There is no voice whose sound could be changed: give a clip.",
    "bad_change": "The {name} cannot be changed by {value}: give {least} to {most}.",
    "mute_outside": "The voice ends at second {seconds}: there is nothing to mute from second "
    "{start} to second {end}.",
    "bad_mute": "There is no stretch from second {start} to second {end}: give its first and its "
    "last second.",
    "bad_manifest": "{name} cannot be read as a table: {reason}.",
    "columns_twice": "{name} cannot be read as a table: two of its columns are called {columns}. "
    "Rename one of them.",
    "spreadsheet": "{name} is a spreadsheet's file: save it as CSV (UTF-8).",
    "no_columns": "{name} cannot be read as a table: its first row names neither a column audio "
    "nor a column text nor a column body. Name the column of the clips audio, that of the words "
    "text, that of the signals' tables body.",
    "bad_probabilities": "{name} holds no probabilities: it needs a column id and two or more of "
    "{columns}.",
    "bad_probability": "Row {line} of {name} holds no probabilities: give numbers from 0 to 1, not "
    "all 0.",
    "strange_probabilities": "{name} names no clip of this project: its column id is to hold the "
    "clips' names.",
    "bad_bundle": "{name} cannot be unpacked: {reason}.",
    "large_bundle": "{name} holds too much: at most {files} files and {gigabytes} GB once "
    "unpacked. Split it.",
    "climbing_bundle": "{name} is refused: {member} in it leads out of the folder it is unpacked "
    "into.",
    "bomb_bundle": "{name} is refused: {member} in it would become {times} times as large as it is "
    "packed.",
    "large_member": "{name} is refused: {member} in it holds {gigabytes} GB, and one file may hold "
    "{most}.",
    "no_room": "{name} needs {gigabytes} GB once unpacked, and the disk has no room for that.",
    "bad_project": "{name} cannot be used as a project: {reason}.",
    "newer_project": "{name} was made by a newer version of this program (tables of version "
    "{theirs}; this one knows them up to {ours}). Update the program.",
    "unknown_clip": "There is no clip called {clip} in this project.",
    "clip_taken": "Others are deciding about {clip} or have decided. Take the next one.",
    "decided_already": "{clip} is decided already, perhaps in another window. Nothing was changed.",
    "no_new_label": "Choose one label or several first, or keep the one that it has.",
    "no_label_to_keep": "{clip} has no label that could be kept: choose one.",
    "unknown_user": "{who} may not work here. Ask whoever runs this page.",
    "not_lead": "Only adjudicators may do this.",
    "bad_users": "{name} cannot be used as a list of users: {reason}.",
    "users_without_desk": "--users FILE says who may work at a desk: say which with --desk FOLDER.",
    "open_desk": "With --desk FOLDER everybody who reaches this address would reach its projects: "
    "say who may log in with --users FILE, or serve 127.0.0.1 alone.",
    "bad_user": "{who} cannot be entered: {reason}.",
    "unknown_project": "There is no project called {name}.",
    "bad_project_name": "A project cannot be called {name}: letters, digits, spaces, - and _ "
    "make a name of up to {most}.",
    "outside_desk": "{name} is not in the folder of this desk. Put it there, or link it.",
    "bringing": "Somebody is bringing work into {name} right now. Wait for that, or stop it.",
    "no_work": "There is nothing to bring in: choose a file, or something on the server.",
    "bad_decision": "This cannot be decided so: {reason}.",
    "nothing_to_undo": "There is nothing to take back.",
    "not_adjudicator": "{who} is none of those who may settle what is in dispute here.",
    "bad_settings": "The project cannot be set so: {reason}.",
    "row_empty": "This row has neither a voice nor words.",
    "row_twice": "There is a clip called {name} already.",
    "row_label": "{value} is none of the seven labels: it is read as no label.",
    "row_labels": "{value} names several labels: it is read as no label. Give one, or several in a "
    "column label_WHO.",
    "row_id": "A clip cannot be called {name}, with line breaks, control characters or letters of "
    "an unknown encoding in it. Give it another id.",
    "row_number": "{value} is no number from {least} to {most}: it is read as none.",
    "bad_signals": "{name} cannot be read as a table of body signals: {reason}.",
    "no_body": "There are no signals of a body: choose a CSV, or the files of a session.",
    "large_signals": "{name} is too large: up to {megabytes} MB of body signals are read. Cut it, "
    "or keep only the columns of the signals and of the time.",
    "empty_signals": "{name} is empty: there is no body signal in it.",
    "few_rows": "{name} is no recording: it has fewer than two rows of values. Choose one of some "
    "seconds.",
    "no_names": "{name} names no columns above its values. Write a row with a name for each.",
    "no_signals": "{name} names no ECG, EDA, temperature or intervals between beats among its "
    "columns ({columns}). Tell which column is which.",
    "wide_rows": "{name} has rows with more fields than there are names ({n}, the first of them "
    "row {row}). Name every column, write decimals with a point, and quote text with a comma.",
    "no_measured": "{name} is what a wristband writes beside its signals (acceleration, pulse "
    "wave, heart rate, marks), and is not measured. Give its EDA.csv, TEMP.csv or IBI.csv, or the "
    "whole zip.",
    "unknown_column": "{name} has no column {column}; it has {columns}.",
    "bad_time": "{name}: its time {cell} in row {row} is neither a number nor a date and a time. "
    "Write seconds, or as 14:02:00.250 or 2026-05-03 14:02:00.250.",
    "falling_time": "{name}: its time goes back in row {row}. Sort its rows by time.",
    "standing_time": "{name}: its time is the same in each row. Leave that column out, and say how "
    "many rows there are a second.",
    "fast_time": "{name}: by its time there are {rate} values of {column} a second. Tell the unit "
    "of the time ({units}).",
    "guessed_unit": "The time of {name} is read as {unit}, which its column does not say. Where "
    "that is wrong, tell its unit.",
    "no_rate": "{name} has no column of times, so nobody knows how fast {column} was measured. "
    "Tell how many values a second there are, or with time= which column holds the times.",
    "few_values": "{name}: hardly any cell of its column {column} is a number.",
    "signals_apart": "The body signals lie {hours} hours apart. Give one recording at a time.",
    "signals_elsewhere": "Nothing was measured while the voice was heard: the signals last from "
    "second {begin} to {end}, and the voice begins at second {offset}. Change that second.",
    "unknown_order": "{name}: its fields are not {orders}, of which the time has to be a date and "
    "a time and may never decrease, nor does its first row name its columns.",
    "no_signal_file": "{name} is neither a table of times and values nor one column of start, rate "
    "and values.",
    "unknown_segment": "The body signals have no segment {segment}.",
    "unknown_unit": "{said} is no unit of time that is read: {units} are.",
    "bad_telling": "{said} cannot be understood. Write columns as ecg=HEART, time=t and rates as "
    "250, or as ecg=250, eda=4, each once.",
    "time_column": "The column {column} holds the times. Name another one for the signal, or tell "
    "with time= where the times are.",
    "odd_values": "No skin has the values of the column {column}: the middle one is {middle}, "
    "where {least} to {most} {unit} are expected. See whether it is that column, in that unit.",
    "odd_part": "{share} % of the column {column} are values that no skin has, the middle one of "
    "which is {middle}, where {least} to {most} {unit} are expected. Empty the cells in which the "
    "sensor met nothing.",
    "several_columns": "The column {column} is taken, and {others} would fit as well. Where that "
    "is wrong, tell which column is which.",
    "cells_missing": "{n} cells of the column {column} are no numbers and count as missing.",
    "no_measures": "These signals are too short or too broken to measure anything of the body.",
    "body_unread": "This model takes no signals of the body: they are drawn and measured, and not "
    "judged.",
    "bad_vectors": "{name} cannot be read as word vectors: {reason}.",
    "bad_output": "{name} cannot be written: {reason}.",
    "no_portaudio": "This machine's microphone cannot be reached: PortAudio is missing. Install it "
    "(apt install libportaudio2, brew install portaudio) and try again.",
    "no_microphone": "This machine has no microphone. Plug one in and try again.",
    "no_default_device": "The system has chosen none of its microphones. See --list for those "
    "there are, and name one with --device.",
    "unknown_device": "No microphone is called {name}. See --list for those there are.",
    "bad_device": "The microphone {name} cannot be used: {reason}. Try another one of --list.",
    "body_for_several": "One stretch of body signals cannot belong to several clips: give one "
    "clip, a session's files with a segment for each, or a manifest to score.",
    "body_options": "{options} tell of signals of the body: give these with --body, or leave that "
    "out.",
    "text_for_several": "One text cannot belong to several clips: give one clip, or a manifest to "
    "score.",
}


# Where many are judged at once and nobody can type what was said, instead of the above.
WORDLESS = {
    "whisper_unreachable": "The speech recognizer ({size}) cannot be fetched from here",
    "whisper_unknown": "There is no speech recognizer called {size}",
    "whisper_broken": "The speech recognizer {size} cannot be loaded: {reason}",
}


class BadInput(ValueError):
    """An input that cannot be used.

    Attributes:
        code: The key of the message, by which the page finds its translation.
        facts: What the message names.
    """

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(MESSAGES[code].format(**facts))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.code, self.facts)


def of_many(problem: BadInput) -> str:
    """What a notice says of a long recording or a table."""
    front = WORDLESS.get(problem.code)
    end = ". There are no words, and the voice alone is judged."
    return front.format(**problem.facts) + end if front else str(problem)


def unwritten(path: Path, fault: OSError) -> BadInput:
    """That a file cannot be written, and why, as the disk says it."""
    reason = (fault.strerror or "it cannot be opened").lower()
    return BadInput("bad_output", name=path.name, reason=reason)


def unopened(path: Path, fault: OSError) -> BadInput:
    """That a file cannot be opened, and why, as the disk says it."""
    if isinstance(fault, FileNotFoundError):
        return BadInput("missing_file", name=path.name)
    reason = (fault.strerror or "it cannot be read").lower()
    return BadInput("unreadable_file", name=path.name, reason=reason)


def _rebuild(code: str, facts: dict[str, object]) -> BadInput:
    return BadInput(code, **facts)
