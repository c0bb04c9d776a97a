"""What a run has learnt, where timing has no say in it."""


def has_rows_of_a_moment(config: dict) -> bool:
    """Whether epochs may end where several workers hold the shared parameters: which ones those are is a matter of timing."""
    if config["workers"] == "1":
        return False
    local = config["method"] in ("local-sgd", "post-local-sgd", "diloco", "hierarchical", "slowmo")
    return config["method"] == "gossip" or local and config["period"] not in ("1", "epoch")


def fingerprint(found: dict) -> tuple:
    """The final parameters, and what they were worth after every epoch."""
    rows = [(row["train_loss"], row["test_loss"], row["test_accuracy"]) for row in found["history"]]
    if has_rows_of_a_moment(found["config"]):
        rows = [len(rows), rows[0], rows[-1][1:]]
    return found["summary"]["parameters_digest"], rows
