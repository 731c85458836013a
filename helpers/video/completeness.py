"""Is a file as long as its own header says? FFmpeg reads what is there and does not tell."""


def promised_size(head: bytes) -> int:
    """The size of the whole file in bytes, by its first bytes; 0 when they do not tell it.

    Known are AVI (a RIFF chunk: four letters, then the size of the rest) and Matroska with
    WebM (RFC 8794 and RFC 9559: an EBML header, then one segment). In mp4 the table of frames
    tells, see `indexing`; a transport stream or a GIF cannot.
    """
    if head.startswith(b"RIFF"):
        size = int.from_bytes(head[4:8], "little")
        return 0 if size == 0xFFFFFFFF else size + 8 if size else 0
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        start, length = _ebml_size(head, 4)
        segment = start + length
        if head[segment : segment + 4] == b"\x18\x53\x80\x67":
            start, length = _ebml_size(head, segment + 4)
            return start + length
    return 0


def _ebml_size(head: bytes, position: int) -> tuple[int, int]:
    """Where an element's content starts, and its length; 0 when the length is not known."""
    # The zeros before the first 1 tell how many bytes follow; all ones mean "not known".
    first = int.from_bytes(head[position : position + 1])
    num_bytes = 9 - first.bit_length()
    end = position + num_bytes
    length = int.from_bytes(head[position:end], "big") & ((1 << 7 * num_bytes) - 1)
    return end, 0 if length == (1 << 7 * num_bytes) - 1 else length
