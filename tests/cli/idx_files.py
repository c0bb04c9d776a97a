"""Small data sets in MNIST's format, whole and damaged."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

SIDE = 4  # pixels
TRAIN, TEST = 40, 10
TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


def images(count: int, magic: int = 2051, side: int = SIDE) -> bytes:
    """Image i is dark but for the pixels i and 15 - i (modulo 16)."""
    pixels = bytearray(count * side * side)
    for image in range(count):
        for pixel in (image % 16, 15 - image % 16):
            pixels[image * side * side + pixel] = 255
    return struct.pack(">IIII", magic, count, side, side) + pixels


def labels(count: int, magic: int = 2049, first: int = 0, classes: int = 10) -> bytes:
    return struct.pack(">II", magic, count) + bytes(first + image % classes for image in range(count))


def columned_labels(count: int) -> bytes:
    """QMNIST's: the label in the first of eight numbers."""
    return struct.pack(">III", 0xC02, count, 8) + b"".join(
        struct.pack(">8I", image % 10, 4, image, image, 0, 0, 0, 7) for image in range(count))


def rename(folder: Path, name_of: Callable[[str], str]) -> None:
    """Gives the files in the folder the names that `name_of` makes of theirs."""
    for path in list(folder.iterdir()):
        path.rename(folder / name_of(path.name))


def write_folder(folder: Path, compressed: bool = False, **replaced: bytes | None) -> str:
    """Writes the four files and returns the value for --data. `replaced` has contents by the names train_images,
    train_labels, test_images, test_labels; None leaves a file out."""
    contents = {
        "train_images": (TRAIN_IMAGES, images(TRAIN)),
        "train_labels": (TRAIN_LABELS, labels(TRAIN)),
        "test_images": (TEST_IMAGES, images(TEST)),
        "test_labels": (TEST_LABELS, labels(TEST)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for key, (name, content) in contents.items():
        if key in replaced:
            content = replaced[key]
        elif compressed:
            content = gzip.compress(content, mtime=0)
        if content is not None:
            (folder / (name + ".gz" * compressed)).write_bytes(content)
    return f"mnist:{folder}"
