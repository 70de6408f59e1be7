"""Text files of strangers, in the encodings that Korean and English ones come in."""

import codecs

BEGINNING = 4096  # bytes in which a clip or a picture shows that it is no text


def decoded(data: bytes) -> str:
    """Text in UTF-8, in UTF-16 that says so, or in cp949 as Korean spreadsheets write it.

    Raises:
        UnicodeDecodeError: It is none of them.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16")
        if "\0" not in text:
            return text
    zero = data.find(b"\0", 0, BEGINNING)
    if zero >= 0:
        raise UnicodeDecodeError("cp949", data, zero, zero + 1, "no text holds a zero")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp949")
