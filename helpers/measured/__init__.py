"""Results that take too long to measure in a notebook, each labelled with how it was made.

A script in `benchmarks/` saves a table here; a chapter shows it with its label, and measures a
part of it live beside it.

>>> from helpers import measured
>>> measured.load("nonsense")
Traceback (most recent call last):
...
ValueError: There is no table named 'nonsense': take one of classification, ...
"""

from helpers.measured.tables import Table, load, save, show

__all__ = ["Table", "load", "save", "show"]
