"""The downloader of official open data: resumable, kept in one folder, checked, polite.

``download`` fetches what a ``Wanted`` describes from the first of its addresses that will do, as
one file or page by page, and says ``DownloadProblem`` in plain words when none does.
"""

from app.packs.downloading.download import download
from app.packs.downloading.wanted import DownloadProblem, Manners, Progress, Wanted

__all__ = ["DownloadProblem", "Manners", "Progress", "Wanted", "download"]
