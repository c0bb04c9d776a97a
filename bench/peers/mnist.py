"""MNIST's files, as both peers read them."""

import gzip
import pathlib

import numpy


def read(folder, name, header):
    """The bytes behind the header of an IDX file, compressed or not."""
    plain = pathlib.Path(folder) / name
    packed = plain.with_name(f"{name}.gz")
    content = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    return numpy.frombuffer(content, numpy.uint8, offset=header)


def images_and_labels(folder, part):
    """uint8 arrays, samples x 784 and samples, of `train` or `t10k`."""
    return read(folder, f"{part}-images-idx3-ubyte", 16).reshape(-1, 784), read(folder, f"{part}-labels-idx1-ubyte", 8)
