"""Writing and reading the project's safetensors files (model and golden tensors)."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from pathlib import Path

import numpy as np

DTYPES = {
    "float64": "F64", "float32": "F32", "uint32": "U32", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8",
}  # fmt: skip
HEADER_ALIGNMENT = 64


def digest(data: bytes) -> str:
    """Hexadecimal BLAKE2b-256."""
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def identity(metadata: dict[str, str], tensors: dict[str, np.ndarray]) -> str:
    """The hash of a whole file, as the article Formats states it.

    Over all metadata, `tensor_hashes` among it, but the entry that the hash will be; and name, type and shape of every
    tensor. A number is 8 bytes, little-endian; a text is its number of bytes and its UTF-8.
    """
    parts: list[bytes] = []

    def add(*texts: str) -> None:
        for text in texts:
            parts.extend((struct.pack("<Q", len(text.encode())), text.encode()))

    parts.append(struct.pack("<Q", len(metadata)))
    for key in sorted(metadata, key=str.encode):
        add(key, metadata[key])
    parts.append(struct.pack("<Q", len(tensors)))
    for name in sorted(tensors, key=str.encode):
        tensor = tensors[name]
        add(name, DTYPES[str(tensor.dtype)], ",".join(map(str, tensor.shape)))
    return digest(b"".join(parts))


def hashes(tensors: dict[str, np.ndarray]) -> dict[str, str]:
    return {name: digest(np.ascontiguousarray(tensors[name]).tobytes()) for name in sorted(tensors)}


def alignment(size: int) -> int:
    """The largest power of two, up to 64, that divides a size in bytes."""
    return min(HEADER_ALIGNMENT, size & -size) if size else HEADER_ALIGNMENT


def write(path: Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Writes a safetensors file whose data start at a multiple of 64 bytes.

    Offsets may have no holes, so tensors are ordered by the power of two that divides their size, largest first: each
    tensor is then aligned to that power, which is at least its element's size.
    """
    order = sorted(tensors, key=lambda name: (-alignment(tensors[name].nbytes), name))
    header: dict[str, object] = {"__metadata__": metadata}
    offset = 0
    for name in order:
        tensor = tensors[name]
        header[name] = {
            "dtype": DTYPES[str(tensor.dtype)],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-(len(text) + 8) % HEADER_ALIGNMENT)
    temporary = path.with_suffix(".tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary.open("wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for name in order:
            f.write(np.ascontiguousarray(tensors[name]).tobytes())
        f.flush()
        os.fsync(f.fileno())
    temporary.rename(path)


def read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Tensors and metadata of a safetensors file."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    kinds = {short: np.dtype(long) for long, short in DTYPES.items()}
    tensors = {}
    for name, info in header.items():
        begin, end = info["data_offsets"]
        flat = np.frombuffer(data[8 + length + begin : 8 + length + end], kinds[info["dtype"]])
        tensors[name] = flat.reshape(info["shape"])
    return tensors, metadata
