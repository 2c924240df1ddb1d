"""Every setting and environment variable, typed and read once.

Our own are `ONCOLANTERN_*`; `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `DATABASE_URL` keep their standard names.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

if TYPE_CHECKING:
    from bot.branding import Branding

EXTRACTIVE = "extractive"
DEFAULT_MODEL = "gpt-4o-mini"


class Settings(BaseSettings):
    """The settings of one process. Unknown `ONCOLANTERN_*` variables are reported by `unknown_variables`."""

    model_config = SettingsConfigDict(env_prefix="ONCOLANTERN_", frozen=True, extra="ignore", populate_by_name=True)

    data: Path = Field(default_factory=lambda: user_data_path("oncolantern", appauthor=False), description="where all state lives")
    model: str | None = Field(default=None, description="chat model; unset: `extractive` without a key, else a default")
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    model_timeout_seconds: float = Field(default=30.0, gt=0, le=600, description="longest wait for the model's next words")
    judge_model: str | None = Field(default=None, description="a model that reads each question behind the rules and may only make them stricter; unset: none")
    judge_timeout_seconds: float = Field(default=4.0, gt=0, le=60, description="longest wait for the judge; after it the rules' verdict stands")
    country: str = Field(default="US", description="whose emergency numbers and services are shown (ISO 3166)")
    chroma_url: str | None = Field(default=None, description="http(s) address of a Chroma server; unset: embedded")
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(default=(), description="sites that may frame /embed; comma separated; none by default")
    records_store: str | None = Field(default=None, description="fsspec address for sealed records, such as s3://bucket/records; unset: the data folder")
    records_keep_days: int = Field(default=90, ge=1, le=3650, description="how long records are kept")
    clamav: str | None = Field(default=None, description="ClamAV's socket: a path, or host:port; unset: files are not scanned")
    records_url: str | None = Field(default=None, description="an outside service that takes records instead of /records")
    public_url: str | None = Field(default=None, description="our address as the public sees it, for absolute links")
    site_name: str = Field(default="Oncolantern", min_length=1)
    overlay: Path | None = Field(default=None, description="folder of the operator's own articles, services, contacts, words and branding")
    exit_url: str = Field(default="https://www.weather.gov/", pattern=r"^https?://[^\s\"'<>]+$", description="the neutral page that “Leave now” opens")
    max_message_chars: int = Field(default=20_000, gt=0)

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def chat_model(self) -> str:
        """The model that answers: the named one, else a default when there is a key or a server, else the embedded one."""
        if self.model:
            return self.model
        return DEFAULT_MODEL if self.openai_api_key or self.openai_base_url else EXTRACTIVE

    @property
    def branding(self) -> Branding:
        """The site's name and looks. Raises FileError when the overlay's branding.yaml is wrong."""
        from bot.branding import load_branding

        return load_branding(self.overlay, self.site_name)

    @property
    def upload_url(self) -> str:
        """Where the upload call leads."""
        return self.records_url or f"{(self.public_url or '').rstrip('/')}/records"
