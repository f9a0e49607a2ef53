"""Opens a container: a tar of messages in lzma's old form (`.lzma`), as Digital Post's own library writes it."""

import io
import lzma
import tarfile

from borgersamling.standin.reading import BadMemo

MOST_BYTES = 512 * 2**20
MEMORY = 1024 * 2**20
"""Of the opened container, and for its dictionary: what is more is no container but a bomb."""


def unpack(container: bytes) -> list[bytes]:
    """Return the messages; BadMemo when it is no container, or an empty one."""
    try:
        opened = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MEMORY)
        tape = opened.decompress(container, MOST_BYTES)
        if not opened.eof:
            raise BadMemo("file", "the archive is cut off, or too large", "container.invalid")
        with tarfile.open(fileobj=io.BytesIO(tape), mode="r:") as tar:
            found = [tar.extractfile(entry) for entry in tar if entry.isfile()]
            messages = [file.read() for file in found if file is not None]
    except (lzma.LZMAError, tarfile.TarError, MemoryError) as error:
        raise BadMemo("file", "must be a tar, compressed as lzma", "container.invalid") from error
    if not messages:
        raise BadMemo("file", "holds no message", "container.invalid")
    return messages
