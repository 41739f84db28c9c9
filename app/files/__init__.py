"""One streaming reader for every table or feature file.

``open_table`` opens CSV and its cousins, Excel, OpenDocument, Parquet, GeoJSON, GeoPackage and
shapefiles, plain or inside a gz or zip, and yields rows with the number a person would look for.
Whatever is wrong with a file is a ``FileProblem`` with a sentence, or a sentence beside the row.
"""

from app.files.limits import Limits
from app.files.problems import FileProblem, LimitPassed, UnknownFormat, UnsafeFile
from app.files.reader import TableReader, open_table
from app.files.table import Row

__all__ = [
    "FileProblem",
    "LimitPassed",
    "Limits",
    "Row",
    "TableReader",
    "UnknownFormat",
    "UnsafeFile",
    "open_table",
]
