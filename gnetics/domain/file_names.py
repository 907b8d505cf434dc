"""Names of files that strangers chose: as they may be saved, and what a computer would open them as."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200  # bytes: systems take 255, and a browser may add « (1) »
NAMELESS = "sans nom"
OPAQUE = "application/octet-stream"
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # by Windows; « : » also hides what follows it
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)  # devices of Windows
_EXTENSION = re.compile(r"\.([0-9A-Za-z]{1,10})$")
_SAME = {"jpeg": "jpg", "tiff": "tif", "htm": "html"}
_OF_PROGRAMS = (
    "exe com scr pif bat cmd ps1 psm1 psd1 vb vbs vbe js jse mjs wsf wsh wsc sct msi msp mst msix appx hta cpl dll ocx sys drv jar "
    "jnlp lnk url scf reg inf msc chm hlp gadget application appref settingcontent xll xlam vhd vhdx iso img sh bash csh zsh fish run "
    "bin elf so out app command workflow action scpt applescript dmg pkg mpkg deb rpm apk ipa appimage flatpakref desktop py pyc pyw "
    "pl rb php"
)
PROGRAMS = frozenset(_OF_PROGRAMS.split())
_BEGINNINGS = (  # of programs: of Linux, of macOS in its four orders, of Java and of two processors at once; of a Windows shortcut
    *(b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"),
    b"L\0\0\0\x01\x14\x02\0",
)
_MEDIA_TYPES = {  # of none of which a browser would run what is inside
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "tif": "image/tiff",
    "txt": "text/plain",
    "csv": "text/csv",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    "zip": "application/zip",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}


def safe(name: str) -> str:
    """Without folders, unseen characters, or what a system would refuse or take for a device; opened as what it says in the end."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(" " if each.isspace() else each for each in last if each.isspace() or unicodedata.category(each)[0] != "C")
    composed = unicodedata.normalize("NFC", seen)
    plain = " ".join(_FORBIDDEN.sub("_", composed).split()).strip(" .")  # Windows leaves points and spaces out at the end
    return _cut(f"_{plain}" if _RESERVED.fullmatch(plain) else plain) or NAMELESS


def extension(name: str) -> str:
    """What a computer goes by when it opens a file of that name: « exe » for « facture.pdf.exe »; "" when it has none."""
    found = _EXTENSION.search(safe(name))
    return _one(found[1]) if found else ""


def wanted(text: str) -> str:
    """The extension that somebody names, as « pdf », « .PDF » or « *.pdf »; "" for what is none, or is that of programs."""
    found = _EXTENSION.fullmatch(f".{text.strip().removeprefix('*').removeprefix('.')}")
    return "" if found is None or _one(found[1]) in PROGRAMS else _one(found[1])


def media_type(name: str) -> str:
    """By its extension: what a mail says of its own files is not believed."""
    return _MEDIA_TYPES.get(extension(name), OPAQUE)


def is_program(content: bytes) -> bool:
    """By its first bytes, whatever its name says."""
    return content.startswith(_BEGINNINGS) or (content.startswith(b"MZ") and b"\0" in content[:64])  # a text may begin with these letters


def _one(written: str) -> str:
    """Of the spellings of an extension."""
    lower = written.lower()
    return _SAME.get(lower, lower)


def _cut(name: str) -> str:
    """Short enough, with its extension."""
    found = _EXTENSION.search(name)
    ending = found[0] if found else ""
    stem = name.removesuffix(ending).encode()[: LONGEST - len(ending)].decode(errors="ignore")
    return stem.rstrip(" .") + ending
