#!/usr/bin/env python3
"""Mini-batch SGD of one hidden layer in PyTorch. Usage: torch_sgd.py MNIST-FOLDER HIDDEN BATCH EPOCHS RATE

The training of numpy_sgd.py, which says what is trained and printed, by torch.nn and torch.optim on one thread.
"""

import sys
import time

import torch

import mnist


def scaled(images):
    return images.to(torch.float32).div_(255)


def main():
    folder, hidden, batch, epochs, rate = sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    images, labels = (torch.tensor(part) for part in mnist.images_and_labels(folder, "train"))
    labels = labels.long()
    network = torch.nn.Sequential(torch.nn.Linear(784, hidden), torch.nn.Sigmoid(), torch.nn.Linear(hidden, 10))
    for layer in (network[0], network[2]):
        torch.nn.init.xavier_uniform_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    optimiser = torch.optim.SGD(network.parameters(), lr=rate)
    began = time.perf_counter()
    for _ in range(epochs):
        for chosen in torch.randperm(len(labels)).split(batch):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(network(scaled(images[chosen])), labels[chosen]).backward()
            optimiser.step()
    elapsed = time.perf_counter() - began
    images, labels = (torch.tensor(part) for part in mnist.images_and_labels(folder, "t10k"))
    with torch.no_grad():
        accuracy = (network(scaled(images)).argmax(dim=1) == labels).float().mean()
    print(elapsed, float(accuracy))


if __name__ == "__main__":
    main()
