"""Where a Chroma server is, and what it takes to be let in."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from index.errors import InputError

_CLOUD = "trychroma.com"
_PORTS = {"http": 8000, "https": 443}


@dataclass(frozen=True, slots=True)
class ChromaAddress:
    """A Chroma server, or a database of Chroma Cloud."""

    url: str
    """`http://HOST:PORT` or `https://HOST`; `/TENANT/DATABASE` may follow."""
    token: str | None = field(default=None, repr=False)
    """Chroma Cloud's API key, or the secret of the proxy before a server, which is sent as
    `Authorization: Bearer TOKEN`; `NAME: VALUE` is sent as that header."""

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            is_known = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_known = False
        if not is_known or parts.username or parts.query or parts.fragment:
            # The address is not repeated: it may hold a secret.
            raise InputError(
                "Chroma's address was expected to be http://HOST:PORT or https://HOST, and is "
                "something else. Correct it; a secret belongs in ASSISTANT_CHROMA_TOKEN."
            )
        if len(self._path) not in (0, 2):
            raise InputError(
                "Chroma's address was expected to end with /TENANT/DATABASE or with neither, and "
                f"ends with {parts.path!r}. Correct it."
            )
        if self.is_cloud and not self.token:
            raise InputError(
                "Chroma Cloud expects an API key, and there is none. Put it into "
                "ASSISTANT_CHROMA_TOKEN."
            )

    @property
    def host(self) -> str:
        """Name or number of the machine."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """As the address has it, else 8000, and 443 with TLS."""
        parts = urlsplit(self.url)
        return parts.port or _PORTS[parts.scheme]

    @property
    def has_tls(self) -> bool:
        """Whether it is reached by HTTPS."""
        return urlsplit(self.url).scheme == "https"

    @property
    def is_cloud(self) -> bool:
        """Whether it is Chroma Cloud, which has limits of its own."""
        return self.host == _CLOUD or self.host.endswith(f".{_CLOUD}")

    @property
    def tenant(self) -> str | None:
        """The tenant; None for the server's default one."""
        return self._path[0] if self._path else None

    @property
    def database(self) -> str | None:
        """The database; None for the server's default one."""
        return self._path[1] if self._path else None

    @property
    def headers(self) -> dict[str, str]:
        """What lets us in."""
        if not self.token:
            return {}
        name, is_header, value = self.token.partition(": ")
        return {name: value} if is_header else {"Authorization": f"Bearer {self.token}"}

    @property
    def _path(self) -> list[str]:
        return [part for part in urlsplit(self.url).path.split("/") if part]

    def __str__(self) -> str:
        return self.url
