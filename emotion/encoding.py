"""Text files of strangers, in the encodings that Korean and English ones come in."""


def decoded(data: bytes) -> str:
    """Text in UTF-8, or in cp949 as Korean spreadsheets write it.

    Raises:
        UnicodeDecodeError: It is neither.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp949")
