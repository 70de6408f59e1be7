"""A timeline as an annotation document of ELAN's (EAF 3.0)."""

import mimetypes
from collections.abc import Iterable
from datetime import datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from emotion.export.tiers import Mark, utterances, values, words
from emotion.timeline import Timeline

SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
TYPES = {"utterance": "", "word": "Included_In", "value": "Symbolic_Association"}
CONSTRAINTS = {
    "Included_In": "Words lie within the time of their utterance, with pauses between them",
    "Symbolic_Association": "One value for one utterance",
}


def eaf(timeline: Timeline) -> str:
    """Utterances in time, their words within them, and one value a tier for each utterance."""
    root = Element("ANNOTATION_DOCUMENT")
    root.attrib = {
        "AUTHOR": "",
        "DATE": datetime.now().astimezone().isoformat(timespec="seconds"),
        "FORMAT": "3.0",
        "VERSION": "3.0",
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:noNamespaceSchemaLocation": SCHEMA,
    }
    document = _Document(root, timeline.source)
    marks = utterances(timeline)
    ids = document.timed("utterance", marks)
    document.timed("word", [word for mark in marks for word in words(mark)], "utterance")
    for name in ("emotion", "confidence", "valence", "arousal"):
        document.tied(name, ids, (values(mark.spoken)[name] for mark in marks))
    document.close()
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(
        root, encoding="unicode"
    )


class _Document:
    """The elements in their order, with numbers for times and annotations."""

    def __init__(self, root: Element, source: str) -> None:
        self.root = root
        self.header = SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
        # ELAN looks beside the document for a recording of this name, and asks if there is none.
        SubElement(
            self.header,
            "MEDIA_DESCRIPTOR",
            MEDIA_URL=f"file:///{source}",
            MIME_TYPE=mimetypes.guess_type(source)[0] or "unknown",
            RELATIVE_MEDIA_URL=f"./{source}",
        )
        self.times = SubElement(root, "TIME_ORDER")
        self.n_annotations = 0

    def timed(self, name: str, marks: Iterable[Mark], parent: str | None = None) -> list[str]:
        """A tier of annotations with times of their own; their ids."""
        tier, ids = self._tier(name, name, parent), []
        for mark in marks:
            annotation, made = self._annotation(tier, "ALIGNABLE_ANNOTATION", mark.text)
            annotation.set("TIME_SLOT_REF1", self._time(mark.start))
            annotation.set("TIME_SLOT_REF2", self._time(mark.end))
            ids.append(made)
        return ids

    def tied(self, name: str, parents: Iterable[str], texts: Iterable[str]) -> None:
        """A tier with one annotation for each utterance."""
        tier = self._tier(name, "value", "utterance")
        for parent, text in zip(parents, texts, strict=True):
            annotation, _ = self._annotation(tier, "REF_ANNOTATION", text)
            annotation.set("ANNOTATION_REF", parent)

    def close(self) -> None:
        """What comes after the tiers, and how many annotations there are."""
        last = SubElement(self.header, "PROPERTY", NAME="lastUsedAnnotationId")
        last.text = str(self.n_annotations)
        for name, constraint in TYPES.items():
            kind = SubElement(self.root, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID=name)
            kind.set("GRAPHIC_REFERENCES", "false")
            kind.set("TIME_ALIGNABLE", "false" if name == "value" else "true")
            if constraint:
                kind.set("CONSTRAINTS", constraint)
        for stereotype, description in CONSTRAINTS.items():
            SubElement(self.root, "CONSTRAINT", DESCRIPTION=description, STEREOTYPE=stereotype)

    def _tier(self, name: str, kind: str, parent: str | None) -> Element:
        tier = SubElement(self.root, "TIER", TIER_ID=name, LINGUISTIC_TYPE_REF=kind)
        if parent:
            tier.set("PARENT_REF", parent)
        return tier

    def _annotation(self, tier: Element, kind: str, text: str) -> tuple[Element, str]:
        self.n_annotations += 1
        made = f"a{self.n_annotations}"
        annotation = SubElement(SubElement(tier, "ANNOTATION"), kind, ANNOTATION_ID=made)
        SubElement(annotation, "ANNOTATION_VALUE").text = text
        return annotation, made

    def _time(self, milliseconds: int) -> str:
        number = f"ts{len(self.times) + 1}"
        SubElement(self.times, "TIME_SLOT", TIME_SLOT_ID=number, TIME_VALUE=str(milliseconds))
        return number
