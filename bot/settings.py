"""Every setting and environment variable, typed and read once.

Our own are `ONCOLANTERN_*`; `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `DATABASE_URL` keep their standard names.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

if TYPE_CHECKING:
    from bot.branding import Branding

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
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
    records_webhook: str | None = Field(default=None, description="address that is told of each submission (https; counts only)")
    records_webhook_secret: SecretStr | None = Field(default=None, description="what the webhook is signed with; at least 16 characters")
    records_mail_to: Annotated[tuple[str, ...], NoDecode] = Field(default=(), description="who is told of each submission by mail; comma separated")
    records_mail_from: str | None = Field(default=None, description="the mail's sender")
    records_smtp_host: str | None = Field(default=None, description="the mail server")
    records_smtp_port: int | None = Field(default=None, ge=1, le=65535, description="unset: 587, 465 with tls, 25 with none")
    records_smtp_security: Literal["starttls", "tls", "none"] = Field(default="starttls", description="how the line to the mail server is encrypted")
    records_smtp_user: str | None = None
    records_smtp_password: SecretStr | None = None
    clamav: str | None = Field(default=None, description="ClamAV's socket: a path, or host:port; unset: files are not scanned")
    records_url: str | None = Field(default=None, description="an outside service that takes records instead of /records")
    public_url: str | None = Field(default=None, description="our address as the public sees it, for absolute links")
    site_name: str = Field(default="Oncolantern", min_length=1)
    overlay: Path | None = Field(default=None, description="folder of the operator's own articles, services, contacts, words and branding")
    exit_url: str = Field(default="https://www.weather.gov/", pattern=r"^https?://[^\s\"'<>]+$", description="the neutral page that “Leave now” opens")
    max_message_chars: int = Field(default=20_000, gt=0)

    @field_validator("embed_origins", "records_mail_to", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _tells_the_team(self) -> Self:
        """A way to tell the team that would not work, or would show a secret on the line, is said at the start and not in the log at night."""
        if self.records_webhook:
            address = urlsplit(self.records_webhook)
            if not address.hostname or not (address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOOPBACK)):
                raise ValueError("ONCOLANTERN_RECORDS_WEBHOOK must be an https:// address (http:// only on this machine)")
            if len(self.records_webhook_secret.get_secret_value() if self.records_webhook_secret else "") < 16:
                raise ValueError(
                    "ONCOLANTERN_RECORDS_WEBHOOK needs ONCOLANTERN_RECORDS_WEBHOOK_SECRET of at least 16 characters, such as `openssl rand -hex 32`"
                )
        if self.records_mail_to:
            if not self.records_mail_from or not self.records_smtp_host:
                raise ValueError("ONCOLANTERN_RECORDS_MAIL_TO needs ONCOLANTERN_RECORDS_MAIL_FROM and ONCOLANTERN_RECORDS_SMTP_HOST")
            if not all("@" in one and one.isprintable() for one in (*self.records_mail_to, self.records_mail_from)):
                raise ValueError("ONCOLANTERN_RECORDS_MAIL_TO and …_MAIL_FROM take mail addresses")
            if self.records_smtp_user and self.records_smtp_security == "none" and self.records_smtp_host not in _LOOPBACK:
                raise ValueError("a password is not sent over a plain line: set ONCOLANTERN_RECORDS_SMTP_SECURITY to starttls or tls")
        return self

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
