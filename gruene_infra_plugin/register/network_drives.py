"""Whether a path lies on a network drive, told by the file system that holds it."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from pathlib import Path

from qgis.PyQt.QtCore import QFileInfo, QStorageInfo

NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "ncpfs", "webdav", "davfs"),
        *("ceph", "glusterfs", "lustre", "gpfs", "fuse.ceph", "fuse.glusterfs", "fuse.sshfs", "fuse.davfs"),
        *("fuse.davfs2", "fuse.smbnetfs", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.kio-fuse"),
    }
)
MOUNTS = Path("/proc/self/mountinfo")
"""The mounts that a process of Linux sees, one in a line; see proc(5)."""
MAGIC = {
    0x6969: "nfs",
    0x517B: "smb",
    0xFF534D42: "cifs",
    0xFE534D42: "smb2",
    0x5346414F: "afs",
    0x00C36400: "ceph",
    0x0BD00BD0: "lustre",
    0x65735546: "fuse",
    0x794C7630: "overlay",
    0x01021994: "tmpfs",
    0xEF53: "ext4",
    0x58465342: "xfs",
    0x9123683E: "btrfs",
}
"""File systems by the number that statfs(2) tells of them."""
_STATFS_BYTES = 512  # more than any architecture needs
_DRIVE_REMOTE = 4  # GetDriveTypeW of Windows


def is_on_network(path: Path) -> bool:
    """Say whether a path lies on a network drive or share."""
    text = str(path).replace("/", "\\")
    if text.startswith("\\\\"):
        return True
    folder = next((parent for parent in path.absolute().parents if QFileInfo(str(parent)).exists()), None)
    return folder is not None and (_is_remote_drive(folder) or file_system(folder) in NETWORK_FILE_SYSTEMS)


def file_system(folder: Path) -> str:
    """Return the type of the file system that holds a folder, as the operating system calls it.

    Qt tells none of folders that are mounted elsewhere once more (bind mounts), of overlays, and where the
    root is no mount (chroot). So Linux is asked for its mounts, and for what holds the folder where no mount
    does.
    """
    if sys.platform != "linux":
        return bytes(QStorageInfo(str(folder)).fileSystemType()).decode("ascii", "replace").lower()
    try:
        mounts = MOUNTS.read_bytes()
    except OSError:
        mounts = b""
    return mounted_type(mounts, folder.resolve()) or _numbered_type(folder)


def mounted_type(mounts: bytes, folder: Path) -> str:
    """Return the type of the innermost mount that holds a folder, empty for none; the last one of a place."""
    found, depth = "", 0
    for line in mounts.splitlines():
        fields = line.split(b" ")
        if b"-" not in fields[5:]:
            continue
        place = Path(os.fsdecode(re.sub(rb"\\([0-7]{3})", _unescaped, fields[4])))
        if folder.is_relative_to(place) and len(place.parts) >= depth:
            depth = len(place.parts)
            found = os.fsdecode(fields[fields.index(b"-", 5) + 1]).lower()
    return found


def _unescaped(code: re.Match[bytes]) -> bytes:
    return bytes([int(code[1], 8) & 0xFF])


def _numbered_type(folder: Path) -> str:
    """Return the type by its number, as hexadecimal digits where it has no name here; empty if unknown."""
    told = ctypes.create_string_buffer(_STATFS_BYTES)
    if ctypes.CDLL(None).statfs(os.fsencode(folder), told):
        return ""
    number = ctypes.c_ulong.from_buffer(told).value & 0xFFFFFFFF  # f_type, the first member
    return MAGIC.get(number, f"{number:#x}")


def _is_remote_drive(folder: Path) -> bool:
    if sys.platform != "win32":
        return False
    return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _DRIVE_REMOTE)
