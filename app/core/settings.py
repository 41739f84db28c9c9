"""Everything a deployment may set, typed, read once by whoever starts the service."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core.smtp import check_sender, read_smtp_url


class Settings(BaseSettings):
    """The settings of one running service; each is an environment variable of the same name.

    Built by the command line and the tests and handed down. No module reads the environment
    at import, so two services with different settings can live in one process.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    database_url: SecretStr | None = Field(
        default=None,
        description="A PostGIS to use, postgresql://user@host/name; without it, "
        "a private cluster is kept in var/.",
    )
    database_pool_size: int = Field(default=10, ge=1, le=200)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: str = Field(
        default="",
        description="The address visitors type, when a proxy stands in front; https turns on "
        "secure cookies and HSTS.",
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default=["*"], description="Host headers that are answered, separated by commas."
    )
    var_dir: Path = Field(default=Path("var"), description="Where the service keeps its own state.")
    packs_dir: Path = Path("data/packs")
    frontend_dir: Path = Path("app/frontend/dist")
    mirror: Path | None = Field(
        default=None,
        description="A folder with copies of open data, which packs are loaded from before "
        "anything is fetched.",
    )
    raw_dir: Path = Field(default=Path("data/raw"), description="Where fetched open data is kept.")
    pack: str = Field(default="demo", description="The pack that `hereabouts up` loads.")
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs form tokens; without it, one is made and kept in var/secret.",
    )
    offers_per_hour_stranger: int = Field(
        default=30,
        ge=1,
        description="How much may be offered for review in an hour from one network address "
        "without an account.",
    )
    offers_per_hour_person: int = Field(
        default=60,
        ge=1,
        description="How much somebody with an account may offer in an hour where they may not "
        "publish.",
    )
    draft_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="How many days a draft of something to add is kept after it was last touched.",
    )
    analysis_keep_mb: int = Field(
        default=200,
        ge=1,
        le=100_000,
        description="Room in the database for answers of analyses; the oldest unpinned go first.",
    )
    analysis_keep_days: int = Field(
        default=365,
        ge=1,
        le=3650,
        description="How many days an answer of an analysis is kept unless it is pinned.",
    )
    analysis_pairs_at_once: int = Field(
        default=50_000_000,
        ge=1,
        description="Areas times sites up to which an analysis is answered at once; larger ones "
        "are worked out in the background.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="The server that takes our mail, smtp://user:password@host:587 or smtps://; "
        "without it mail is written into var/mail.",
    )
    mail_from: str = Field(
        default="", validate_default=True, description="Whom mail comes from; needed with SMTP_URL."
    )
    tile_cache_mb: int = Field(
        default=64,
        ge=0,
        le=100_000,
        description="Memory of each process for map tiles; 0 keeps none.",
    )
    basemap_tiles: str = Field(
        default="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        description="Where browsers get the background of maps; `none` for a plain one.",
    )
    basemap_attribution: str = Field(
        default="© OpenStreetMap contributors",
        description="What the background's makers ask to be said beside it.",
    )
    operator_name: str = Field(
        default="", description="Who runs this service, as `/about` and `/privacy` say it."
    )
    operator_contact: str = Field(
        default="",
        description="How to reach them: an e-mail address, or a web address with https://.",
    )
    style_guide: bool = Field(
        default=False, description="Show every part of the pages at `/styleguide`."
    )
    run_worker: bool = Field(default=True, description="Run jobs inside the server process.")
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        return [part.strip() for part in value.split(",")] if isinstance(value, str) else value

    @field_validator("basemap_tiles")
    @classmethod
    def _check_basemap(cls, value: str) -> str:
        if value == "none":
            return ""
        parts = urlsplit(value)
        is_address = parts.scheme in {"http", "https"} and parts.hostname
        if not is_address or not all(place in parts.path for place in ("{z}", "{x}", "{y}")):
            raise ValueError(
                "write it as https://tile.example.org/{z}/{x}/{y}.png, or `none` for no background"
            )
        return value

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            read_smtp_url(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _check_mail_from(cls, value: str, info: ValidationInfo) -> str:
        if value:
            check_sender(value)
        elif info.data.get("smtp_url") is not None:
            raise ValueError("with SMTP_URL, say whom mail comes from: noreply@example.org")
        return value

    @property
    def trusted_hosts(self) -> list[str]:
        """Host headers that are answered: those set, else the one of `base_url` and loopback."""
        host = urlsplit(self.base_url).hostname
        if self.allowed_hosts != ["*"] or not host:
            return self.allowed_hosts
        return [host, "127.0.0.1", "localhost"]

    @property
    def basemap_hosts(self) -> list[str]:
        """The origins that pages may show images of: that of the background."""
        parts = urlsplit(self.basemap_tiles)
        return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []

    @property
    def is_https(self) -> bool:
        """Whether visitors come by https, as far as `base_url` says."""
        return self.base_url.startswith("https://")
