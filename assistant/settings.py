"""Options that come from the environment or from `assistant.toml` when the command line has none.

Each is also a variable `ASSISTANT_...` and a key of `assistant.toml` in the working folder; the
command line wins over the environment, the environment over the file. None takes a key: those stay
in the variables that each provider's own package reads.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.model_types import ModelOptions
    from index.layout import Layout

FILE = "assistant.toml"
CHROMA_TOKEN = "ASSISTANT_CHROMA_TOKEN"
"""The variable with what lets us in at the Chroma server: secrets stand in no file."""
_KEY = re.compile(r"key|token|secret|passw|credential", re.I)


class Settings(BaseSettings):
    """What the commands need to know."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_ignore_empty=True, toml_file=FILE, extra="forbid"
    )

    index: Path = Path("verbatim.index")
    """Folder of the index."""
    catalog: SecretStr | None = None
    """URL of the PostgreSQL database that keeps the catalog, if the folder does not."""
    chroma: str | None = None
    """Address of the Chroma server that keeps the vectors, if the folder does not."""
    model: str | None = None
    """The chat model as `provider:name`, or `extractive`."""
    also_models: Annotated[tuple[str, ...], NoDecode] = ()
    """Chat models that visitors of the chat may choose besides."""
    base_url: str | None = None
    """Where the model's server is, if not at the provider's usual address."""
    prompts: Path | None = None
    """Folder of prompts of one's own."""
    nli: str | None = None
    """A cross-encoder that says whether quotes entail a statement, by name or folder."""
    model_timeout: float = Field(default=60.0, gt=0, allow_inf_nan=False)
    """Seconds without anything from the model."""
    context_tokens: int | None = Field(default=None, ge=256)
    """How much the model reads and writes at a time; its own figure if None."""
    model_cache: Path | None = None
    """File of earlier replies, which are given again for the same prompt."""
    requests_per_second: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """How often the model may be asked."""
    structured: Literal["auto", "on", "off"] = "auto"
    """Whether the model is held to a JSON schema: where it can be, always, or never."""
    embedding_model: str | None = None
    """The embedding model, by name or folder, for `assistant index` and `assistant doctor`."""
    engine: Literal["process", "ray"] = "process"
    """Where `assistant index` has texts encoded: in its own process, or by a Ray cluster."""
    workers: int | None = Field(default=None, ge=1)
    """How many processes of the cluster encode; one for each of its cores if None."""
    ocr: bool = False
    """Whether the text of scanned pages is recognized."""
    wait: float = Field(default=60.0, ge=0, allow_inf_nan=False)
    """Seconds that `assistant index` waits for another process that writes to the index."""
    poll: float | None = Field(default=None, ge=0.05, le=86_400)
    """Seconds between two looks at all files, for `assistant index --watch`."""
    text_field: str | None = Field(default=None, min_length=1)
    """The field of JSON records that their text is in."""
    reranker: str | None = None
    """The cross-encoder that orders what is found, by name or folder."""
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    """Where the chat listens."""
    reports: Path = Path("verbatim.reports")
    """Folder of the evaluation reports that the chat lists; it need not exist."""
    datasets: Annotated[tuple[Path, ...], NoDecode] = ()
    """Datasets, or folders of datasets, that visitors of the chat may run an evaluation on."""
    data: Path = Path("verbatim.data")
    """Folder of what visitors of the chat leave; it need not exist."""
    mcp: bool = False
    """Whether the chat's server offers tools by the Model Context Protocol."""
    read_only: bool = False
    """Whether the chat only shows the documents there are."""
    auth_file: Path | None = None
    """File of those who may sign in to the chat; None where nobody needs to."""
    private_libraries: bool = False
    """Whether each of them has documents of their own."""
    allowed_host: Annotated[tuple[str, ...], NoDecode] = ()
    """Names under which browsers find the chat, besides those of this machine."""
    trusted_proxy: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses of reverse proxies whose X-Forwarded headers are believed."""
    largest_upload: float = Field(default=50.0, gt=0, le=10_000)
    """Megabytes of one file."""
    questions_per_minute: int = Field(default=30, ge=0)
    """Of one user, or of one address where nobody signs in; 0 for any number."""
    metrics: bool = False
    """Whether the chat's server tells Prometheus at /metrics how it is."""
    stop_timeout: float = Field(default=20.0, ge=0, le=3600)
    """Seconds that answers which are being given have when the chat's server is told to end."""
    log_format: Literal["text", "json"] | None = None
    """How a line of the log is written; text if None."""
    log_level: Literal["debug", "info", "warning", "error"] | None = None
    """The least that is logged: `info` with JSON and `warning` with text if None."""

    @field_validator("also_models", "datasets", "allowed_host", "trusted_proxy", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """A list, or a text with commas, as a tuple without blanks."""
        if isinstance(value, str):
            value = value.split(",")
        if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
            return tuple(each.strip() for each in value if each.strip())
        return value

    @field_validator("base_url")
    @classmethod
    def _without_user(cls, url: str | None) -> str | None:
        """The address, where it is one and holds no password."""
        if url is None:
            return None
        try:
            parts = urlsplit(url)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
            is_address = is_address and parts.port != 0  # reading it raises where it is none
        except ValueError:
            is_address = False
        if not is_address:
            raise PydanticCustomError("url", "expected an address like http://127.0.0.1:8080/v1")
        if parts.username is not None:
            raise PydanticCustomError("url", "expected an address without a name or password")
        return url

    @property
    def place(self) -> "Path | Layout":
        """The index: its folder, with the addresses of what servers keep of it, if they do.

        Raises:
            InputError: an address is none.
        """
        if self.catalog is None and self.chroma is None:
            return self.index
        from index.chroma_address import ChromaAddress
        from index.layout import Layout

        chroma = self.chroma and ChromaAddress(self.chroma, os.environ.get(CHROMA_TOKEN) or None)
        url = self.catalog.get_secret_value() if self.catalog is not None else None
        return replace(Layout.at(self.index), catalog_url=url, chroma=chroma or None)

    def model_options(self) -> "ModelOptions":
        """How the chat model is to be used."""
        from assistant.model_types import ModelOptions

        return ModelOptions(
            base_url=self.base_url,
            timeout=self.model_timeout,
            requests_per_second=self.requests_per_second,
            context_tokens=self.context_tokens,
            structured=self.structured,
            cache=self.model_cache,
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, then environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(options: Mapping[str, object]) -> Settings:
    """Settings from the options of a command line, the environment and the file.

    Args:
        options: by name; None means not given, and names that are no setting are left out.

    Raises:
        SettingsError: a value is of the wrong kind, or the file is not TOML or has another key.
    """
    given = {
        name: value
        for name, value in options.items()
        if value is not None and name in Settings.model_fields
    }
    try:
        return Settings(**given)  # type: ignore[arg-type]  # values are checked by pydantic itself
    except ValidationError as error:
        raise SettingsError(
            " ".join(
                _line(str(detail["loc"][0]), detail["msg"], detail["input"])
                for detail in error.errors()
            )
        ) from error
    except (ValueError, OSError) as error:
        raise SettingsError(
            f"{FILE}: expected a file in TOML, found an error: {error}. Correct it."
        ) from error


def _line(name: str, message: str, found: object) -> str:
    names = ", ".join(Settings.model_fields)
    if name not in Settings.model_fields and _KEY.search(name):
        return (
            f"{FILE}: expected no key in a file, found {name!r}. Remove it, and set the variable "
            "that the provider reads, such as OPENAI_API_KEY, in the environment."
        )
    if name not in Settings.model_fields:
        return f"{FILE}: expected the keys {names}, found {name!r}. Correct or remove it."
    if name in ("base_url", "catalog", "chroma"):
        found = str(found).rpartition("@")[2]  # what comes before may be a password
    return (
        f"--{name.replace('_', '-')} (or ASSISTANT_{name.upper()}, or {name} in {FILE}): "
        f"{message[:1].lower()}{message[1:]}, found {found!r}. Correct it."
    )
