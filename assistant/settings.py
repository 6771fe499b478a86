"""Options that come from the environment or from `assistant.toml` when the command line has none.

Each is also a variable `ASSISTANT_...` and a key of `assistant.toml` in the working folder; the
command line wins over the environment, the environment over the file.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

FILE = "assistant.toml"


class Settings(BaseSettings):
    """What the commands need to know."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_ignore_empty=True, toml_file=FILE, extra="forbid"
    )

    index: Path = Path("verbatim.index")
    """Folder of the index."""
    model: str | None = None
    """The chat model, or `extractive`."""
    embedding_model: str | None = None
    """The embedding model, by name or folder, for `assistant index` and `assistant doctor`."""
    reranker: str | None = None
    """The cross-encoder that orders what is found, by name or folder."""
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    """Where the chat listens."""
    reports: Path = Path("verbatim.reports")
    """Folder of the evaluation reports that the chat lists; it need not exist."""

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
    if name not in Settings.model_fields:
        return f"{FILE}: expected the keys {names}, found {name!r}. Correct or remove it."
    return (
        f"--{name.replace('_', '-')} (or ASSISTANT_{name.upper()}, or {name} in {FILE}): "
        f"{message[:1].lower()}{message[1:]}, found {found!r}. Correct it."
    )
