"""Quantiles of a histogram, in one wording."""

RATE = "$__rate_interval"


def quantile(q, metric, by=(), labels=""):
    kept = ", ".join(["le", *by])
    return f"histogram_quantile({q}, sum by ({kept}) (rate(layerbench_{metric}_bucket{labels}[{RATE}])))"


def p50_p99(metric, by=(), labels=""):
    """Two lines per series: [(expression, legend), ...]"""
    name = " ".join("{{%s}}" % label for label in by)
    return [(quantile(q, metric, by, labels), f"{name} p{100 * q:g}".strip()) for q in (0.5, 0.99)]
