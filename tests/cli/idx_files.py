"""Small data sets in MNIST's format, whole and damaged."""

import gzip
import struct
from pathlib import Path

SIDE = 4  # pixels
TRAIN, TEST = 40, 10
TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


def images(count: int, magic: int = 2051, side: int = SIDE) -> bytes:
    """Image i is dark but for the pixels i and 15 - i (modulo 16)."""
    pixels = bytearray(count * SIDE * SIDE)
    for image in range(count):
        for pixel in (image % 16, 15 - image % 16):
            pixels[image * SIDE * SIDE + pixel] = 255
    return struct.pack(">IIII", magic, count, side, side) + pixels


def labels(count: int, magic: int = 2049) -> bytes:
    return struct.pack(">II", magic, count) + bytes(image % 10 for image in range(count))


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
