"""Clips to learn from and to test with: everything is on the disk, nothing is downloaded.

>>> from helpers import datasets
>>> datasets.real_clip("bikes").name
'bikes.mp4'
"""

from helpers.datasets.real import REAL_CLIPS, real_clip

__all__ = ["REAL_CLIPS", "real_clip"]
