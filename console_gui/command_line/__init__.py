"""The command line: everything that a person can do, by typing. The parser knows no Qt."""
