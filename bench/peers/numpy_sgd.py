#!/usr/bin/env python3
"""Mini-batch SGD of one hidden layer in numpy. Usage: numpy_sgd.py MNIST-FOLDER HIDDEN BATCH EPOCHS RATE

What `lockstep real --method serial` trains: sigmoid units, softmax with cross-entropy, bytes gathered and scaled batch by batch,
everything in float32. Prints the seconds that training took, without reading and testing, and the accuracy reached.
"""

import sys
import time

import numpy

import mnist


def scaled(images):
    return images.astype(numpy.float32) / numpy.float32(255)


def sigmoid(z):
    return 1 / (1 + numpy.exp(-z))


def softmax(z):
    p = numpy.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def weights(rng, inputs, outputs):
    """Glorot's, inputs x outputs."""
    bound = (6 / (inputs + outputs)) ** 0.5
    return rng.uniform(-bound, bound, (inputs, outputs)).astype(numpy.float32)


def train(images, labels, hidden, batch, epochs, rate):
    rng = numpy.random.default_rng(1)
    w1, b1 = weights(rng, 784, hidden), numpy.zeros(hidden, numpy.float32)
    w2, b2 = weights(rng, hidden, 10), numpy.zeros(10, numpy.float32)
    rate = numpy.float32(rate)
    for _ in range(epochs):
        order = rng.permutation(len(labels))
        for first in range(0, len(labels), batch):
            chosen = order[first:first + batch]
            x, y = scaled(images[chosen]), labels[chosen]
            a = sigmoid(x @ w1 + b1)
            error2 = softmax(a @ w2 + b2)
            error2[numpy.arange(len(y)), y] -= 1
            error2 /= numpy.float32(len(y))
            error1 = error2 @ w2.T * (a * (1 - a))
            w2 -= rate * (a.T @ error2)
            b2 -= rate * error2.sum(axis=0)
            w1 -= rate * (x.T @ error1)
            b1 -= rate * error1.sum(axis=0)
    return w1, b1, w2, b2


def main():
    folder, hidden, batch, epochs, rate = sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5])
    images, labels = mnist.images_and_labels(folder, "train")
    began = time.perf_counter()
    w1, b1, w2, b2 = train(images, labels, hidden, batch, epochs, rate)
    elapsed = time.perf_counter() - began
    images, labels = mnist.images_and_labels(folder, "t10k")
    outputs = sigmoid(scaled(images) @ w1 + b1) @ w2 + b2
    print(elapsed, (outputs.argmax(axis=1) == labels).mean())


if __name__ == "__main__":
    main()
