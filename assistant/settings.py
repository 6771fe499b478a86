"""Options that come from the environment or from `assistant.toml` when the command line has none.

Every option is also a variable `ASSISTANT_...` and a key of `assistant.toml` in the working folder;
the command line wins over the environment, the environment over the file.
"""

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

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", toml_file=FILE, extra="ignore")

    index: Path = Path("verbatim.index")
    model: str | None = None
    embedding_model: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    k: int = Field(default=8, ge=1, le=100)

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


def load_settings(**options: object) -> Settings:
    """Settings from the given options (None means not given), the environment and the file.

    Raises:
        SettingsError: a value is of the wrong kind, or the file is not TOML.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # values are checked by pydantic itself
    except ValidationError as error:
        lines = [_line(detail["loc"], detail["msg"], detail["input"]) for detail in error.errors()]
        raise SettingsError("; ".join(lines)) from error
    except ValueError as error:
        raise SettingsError(
            f"{FILE}: expected TOML, found an error: {error}. Correct it."
        ) from error


def _line(place: tuple[int | str, ...], message: str, found: object) -> str:
    name = ".".join(map(str, place))
    return (
        f"--{name.replace('_', '-')} (or ASSISTANT_{name.upper()}, or {name} in {FILE}): "
        f"{message.lower()}, found {found!r}"
    )
