"""The composition root: the one place that sees rules, runtime and every adapter, and plugs them together."""
