"""Every method, with options under which 4 workers show what it does."""

METHODS = {
    "serial": [], "allreduce": [], "sync-average": [], "local-sgd": ["--period", 4], "post-local-sgd": ["--period", 4],
    "diloco": ["--period", 4], "slowmo": ["--period", 4], "hierarchical": ["--groups", 2, "--group-period", 2, "--period", 4], "backup-workers": [],
    "in-turn": [], "by-arrival": [], "bounded-staleness": [], "softsync": [], "dc-asgd": [], "easgd": ["--period", 4],
    "gossip": [], "ad-psgd": [],
}
WITH_SERVERS = ("by-arrival", "bounded-staleness", "dc-asgd", "easgd")  # that may be several


def words_of(method: str) -> list[object]:
    return ["--method", method, "--workers", 1 if method == "serial" else 4, *METHODS[method]]
