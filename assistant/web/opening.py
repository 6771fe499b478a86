"""From settings to what a site is made of, with what cannot work said before anything is loaded."""

import ipaddress
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.account_file import load
from assistant.desk import EXTRACTIVE
from assistant.errors import SettingsError
from assistant.web.also_models import AlsoModels
from assistant.web.eval_options import evaluating
from assistant.web.site import SiteOptions

if TYPE_CHECKING:
    from assistant.settings import Settings
    from index.layout import Layout

METRICS_TOKEN = "ASSISTANT_METRICS_TOKEN"
"""The variable with what Prometheus has to bring where nobody signs in."""
OPEN_TO_ALL = (
    "Whoever reaches {host} may ask{change}, for nobody has to sign in. To have them sign in: "
    "--auth-file FILE."
)


def site_options(settings: "Settings", warn: Callable[[str], None]) -> SiteOptions:
    """What the settings say of a site.

    Args:
        settings: of the command.
        warn: takes what the operator should know.

    Raises:
        SettingsError: the settings contradict each other, or want what is not installed.
        AccountsError: the file of accounts cannot be used.
    """
    if settings.private_libraries and settings.auth_file is None:
        raise SettingsError(
            "Expected --auth-file FILE with --private-libraries, found none: nobody could be told "
            "from anybody else. Make one with: assistant users add NAME --auth-file FILE"
        )
    if settings.auth_file is not None and not load(settings.auth_file).by_name:
        raise SettingsError(
            f"Expected users in {settings.auth_file}, found none: nobody could sign in. Add one "
            f"with: assistant users add NAME --auth-file {settings.auth_file}"
        )
    if settings.mcp:
        from assistant.web.mcp import check_mcp

        check_mcp()
    for proxy in settings.trusted_proxy:
        _check_network(proxy)
    token = os.environ.get(METRICS_TOKEN) or None
    if settings.auth_file is None and not is_loopback(settings.host):
        if settings.metrics and token is None:
            raise SettingsError(
                f"--metrics: expected a token in {METRICS_TOKEN}, or --auth-file, where others "
                f"reach the server ({settings.host}), found neither. Set the variable to a long "
                "random text, and have Prometheus send it."
            )
        change = "" if settings.read_only else " and change the documents"
        warn(OPEN_TO_ALL.format(host=settings.host, change=change))
    return SiteOptions(
        reports=settings.reports,
        also_models=also_models(settings),
        evaluating=evaluating(settings),
        index=settings.index,
        data=settings.data,
        read_only=settings.read_only,
        auth_file=settings.auth_file,
        private_libraries=settings.private_libraries,
        allowed_hosts=settings.allowed_host,
        trusted_proxies=settings.trusted_proxy,
        largest_upload=int(settings.largest_upload * 1_000_000),
        questions_per_minute=settings.questions_per_minute,
        mcp=settings.mcp,
        metrics=settings.metrics,
        metrics_token=token,
    )


def also_models(settings: "Settings") -> AlsoModels:
    """The chat models to choose from, besides the one that answers by itself.

    Raises:
        ModelUnavailableError: a name is not one of a model.
    """
    from assistant.model_providers import provider_of

    names = tuple(name for name in dict.fromkeys(settings.also_models) if name != settings.model)
    for name in names:
        provider_of(name)
    own = settings.model if settings.model not in (None, EXTRACTIVE) else None
    provider = provider_of(own) if own is not None else None
    options = settings.model_options()
    return AlsoModels(names, options, settings.prompts, settings.nli, provider)


def library_index(settings: "Settings") -> "Path | Layout":
    """The index to open first: with private libraries an empty one, made if need be.

    Raises:
        SettingsError: private libraries are wanted on a server, or an address is none.
    """
    if not settings.private_libraries:
        return settings.place
    if settings.place != settings.index:
        raise SettingsError(
            "--private-libraries: expected an index in folders, found --catalog or --chroma. "
            "Leave these out, or let all share one library."
        )
    from index.embedding import DEFAULT_MODEL, load_embedder
    from index.indexing import make_empty

    folder = settings.data / "nobody.index"
    if not (folder / "catalog.sqlite3").exists():
        make_empty(folder, load_embedder(settings.embedding_model or DEFAULT_MODEL))
    return folder


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_network(proxy: str) -> None:
    try:
        ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        raise SettingsError(
            f"--trusted-proxy: expected an address such as 10.0.0.2 or a network such as "
            f"10.0.0.0/24, found {proxy!r}. Correct it."
        ) from None
