"""The action on which the sender begins, and the UserEvent behind the stream."""

GO = "BenchmarkGo"
LAST = "BenchmarkOver"
