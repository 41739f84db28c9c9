"""The table of tiles made beforehand."""

from sqlalchemy import Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class SeededTile(Base):
    """A tile of areas made when the place was loaded, so that nobody waits for it.

    Of a version that is not current it is never sent, and the next seeding removes it.
    """

    __tablename__ = "seeded_tiles"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy's own way

    layer: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    zoom: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    x: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    y: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(Text)
    body: Mapped[bytes] = mapped_column(LargeBinary, comment="compressed by gzip; empty: nothing")
