"""A file coming from a browser slice by slice, kept in a temporary file without a name: nothing to remove, even after a crash."""

from __future__ import annotations

from tempfile import TemporaryFile

from gnetics.errors import UnreadableFile

SLICE = 2**20  # bytes of a websocket message; the server refuses those over 4 MiB
LARGEST = 100 * 2**20  # bytes
_TOO_LARGE = "Le fichier dépasse 100\u00a0Mo\u00a0: partagez-le en plusieurs classeurs, ou demandez à votre administrateur de l’importer."
_BROKEN = "L’envoi du fichier s’est interrompu\u00a0: choisissez-le de nouveau."
_NO_ROOM = "Le serveur n’a pas la place de recevoir ce fichier\u00a0: prévenez votre administrateur."


class Upload:
    """`received` is where the next slice must begin. Raises UnreadableFile on a slice that does not follow."""

    def __init__(self, name: str, size: int) -> None:
        if size > LARGEST:
            raise UnreadableFile(_TOO_LARGE)
        self.name = name[:200]
        self.size = size
        self.received = 0
        try:
            self._file = TemporaryFile(prefix="gnetics-import-")  # noqa: SIM115  # open until `close`
        except OSError as error:
            raise UnreadableFile(_NO_ROOM) from error

    @classmethod
    def holding(cls, name: str, data: bytes) -> Upload:
        """A file that came in one piece."""
        upload = cls(name, len(data))
        for offset in range(0, len(data), SLICE):
            upload.take(offset, data[offset : offset + SLICE])
        return upload

    @property
    def complete(self) -> bool:
        return self.received == self.size

    def take(self, offset: int, data: memoryview | bytes) -> None:
        length = len(data)
        if offset != self.received or not 0 < length <= SLICE or offset + length > self.size:
            raise UnreadableFile(_BROKEN)
        try:
            self._file.write(data)
        except OSError as error:
            raise UnreadableFile(_NO_ROOM) from error
        self.received += length

    def content(self) -> bytes:
        self._file.seek(0)
        return self._file.read()

    def close(self) -> None:
        """The system frees the file."""
        self._file.close()
