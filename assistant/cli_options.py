"""Options of the commands that several of them take."""

import argparse
from pathlib import Path

EPILOG = (
    "exit codes: 0 done (an abstention is done), 1 a failure, 2 wrong usage. Options that name the "
    "index, a model and how it is used, prompts, and how the chat is served are also variables "
    "(ASSISTANT_INDEX, ASSISTANT_BASE_URL, ...) and keys of assistant.toml (index, base_url, ...). "
    "Keys of providers are read from the environment only (OPENAI_API_KEY, ...)."
)


def add_index_option(command: argparse.ArgumentParser) -> None:
    """Where the index is."""
    command.epilog = EPILOG
    command.add_argument(
        "--index", metavar="DIR", type=Path, help="folder of the index (default: verbatim.index)"
    )
    command.add_argument(
        "--catalog",
        metavar="URL",
        help="a PostgreSQL database that keeps the catalog in place of the folder, for several "
        "machines: postgresql+psycopg://USER@HOST/DATABASE (password: PGPASSWORD, ~/.pgpass)",
    )
    command.add_argument(
        "--chroma",
        metavar="URL",
        help="a Chroma server that keeps the vectors: http://HOST:8000, https://..., or "
        "https://api.trychroma.com/TENANT/DATABASE (token: ASSISTANT_CHROMA_TOKEN)",
    )


def add_ocr_option(command: argparse.ArgumentParser) -> None:
    """Whether scanned pages are read."""
    command.add_argument(
        "--ocr",
        action="store_true",
        default=None,
        help="recognize the text of scanned pages (needs the extra: verbatim-assistant[ocr])",
    )


def add_model_options(command: argparse.ArgumentParser) -> None:
    """Which chat model is asked, and how."""
    command.add_argument(
        "--model",
        metavar="NAME",
        help="a chat model as PROVIDER:NAME, such as ollama:qwen3:4b, anthropic:NAME or "
        "openai:NAME (with --base-url also for llama.cpp, vLLM and LM Studio); or extractive "
        "(the default): no chat model",
    )
    command.add_argument(
        "--base-url", metavar="URL", help="where the model's server is: http://127.0.0.1:8080/v1"
    )
    command.add_argument(
        "--model-timeout",
        metavar="SECONDS",
        type=float,
        help="give up after so long without anything from the model (default: 60)",
    )
    command.add_argument(
        "--context-tokens",
        metavar="N",
        type=int,
        help="how much the model reads and writes at a time (default: what is known of it)",
    )
    command.add_argument(
        "--structured",
        choices=("auto", "on", "off"),
        help="hold the model to a JSON schema: where it can be (the default), always, or never",
    )


def add_reader_options(command: argparse.ArgumentParser) -> None:
    """What else a chat model is given, and what its statements are checked with."""
    add_prompts_option(command)
    add_nli_option(command)
    command.add_argument(
        "--model-cache",
        metavar="FILE",
        type=Path,
        help="keep the model's replies there, and use them for the same prompts (default: none)",
    )
    command.add_argument(
        "--requests-per-second", metavar="N", type=float, help="ask the model no more often"
    )


def add_nli_option(command: argparse.ArgumentParser) -> None:
    """The model for entailment."""
    command.add_argument(
        "--nli",
        metavar="NAME",
        help="a cross-encoder that also checks whether the quotes entail what the model states: "
        "its folder, or owner/name on the Hugging Face hub (default: none)",
    )


def add_prompts_option(command: argparse.ArgumentParser) -> None:
    """Prompts of one's own."""
    command.add_argument(
        "--prompts", metavar="DIR", type=Path, help="folder of prompts of your own for a chat model"
    )


def add_embedding_option(command: argparse.ArgumentParser) -> None:
    """The embedding model."""
    command.add_argument(
        "--embedding-model",
        metavar="NAME",
        help="a sentence-transformers model: its folder, or owner/name on the Hugging Face hub "
        "(default: the one of the index, and all-MiniLM-L6-v2 for a new one)",
    )


def add_update_options(command: argparse.ArgumentParser) -> None:
    """How an index is brought up to date."""
    command.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and write nothing"
    )
    command.add_argument(
        "--watch", action="store_true", help="go on, and follow what changes, until Ctrl-C"
    )
    command.add_argument(
        "--poll",
        metavar="SECONDS",
        type=float,
        help="with --watch: look at all files so often, where the system tells of no changes, as "
        "in folders on a network",
    )
    command.add_argument(
        "--wait",
        metavar="SECONDS",
        type=float,
        help="wait so long for another process that writes to the index (default: 60)",
    )
    command.add_argument(
        "--text-field",
        metavar="NAME",
        help="where the text of JSON records is (default: text, content, body, ...)",
    )
    command.add_argument(
        "--engine",
        choices=("process", "ray"),
        help="where texts are encoded: in this process (the default), or by several, on this "
        "machine or those of the Ray cluster at RAY_ADDRESS (needs: verbatim-assistant[ray])",
    )
    command.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="with --engine ray: how many processes encode (default: one for each core)",
    )


def add_reranker_option(command: argparse.ArgumentParser) -> None:
    """The reranker."""
    command.add_argument(
        "--reranker",
        metavar="NAME",
        help="a cross-encoder that orders what is found: its folder, or owner/name on the Hugging "
        "Face hub (default: none)",
    )


def add_serving_options(command: argparse.ArgumentParser) -> None:
    """Who may use the chat, and how much of it."""
    group = command.add_argument_group("serving others", "see docs/deploying.md")
    add_data_option(group)
    # None where an option is not given: the environment and assistant.toml speak then.
    group.add_argument(
        "--read-only", action="store_true", default=None, help="let nobody change the documents"
    )
    add_auth_option(group)
    group.add_argument(
        "--private-libraries",
        action="store_true",
        default=None,
        help="give each user documents of their own; needs --auth-file",
    )
    group.add_argument(
        "--allowed-host",
        action="append",
        metavar="NAME",
        help="a name under which browsers find the server; may be repeated",
    )
    group.add_argument(
        "--trusted-proxy",
        action="append",
        metavar="ADDRESS",
        help="a reverse proxy whose X-Forwarded headers are believed; may be repeated",
    )
    group.add_argument(
        "--largest-upload", type=float, metavar="MB", help="of one file (default: 50)"
    )
    group.add_argument(
        "--questions-per-minute",
        type=int,
        metavar="N",
        help="of one user or address; 0 for any number (default: 30)",
    )

    group.add_argument(
        "--metrics",
        action="store_true",
        default=None,
        help="serve /metrics for Prometheus; see docs/operating.md for who may read it",
    )
    group.add_argument(
        "--stop-timeout",
        type=float,
        metavar="SECONDS",
        help="when told to end, wait so long for answers that are being given (default: 20)",
    )


def add_log_options(command: argparse.ArgumentParser) -> None:
    """How a command logs, and each of those that it is made of."""
    groups = [each for each in command._actions if isinstance(each, argparse._SubParsersAction)]
    for group in groups:
        for each in group.choices.values():
            add_log_options(each)
    if groups:
        return
    command.add_argument(
        "--log-format",
        choices=("text", "json"),
        help="write the log on stderr as text (the default) or as a line of JSON each",
    )
    command.add_argument(
        "--log-level",
        choices=("debug", "info", "warning", "error"),
        help="log no less than that (default: warning; with --log-format json: info)",
    )


def add_data_option(group: "argparse._ActionsContainer") -> None:
    """Where what visitors leave is kept."""
    group.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="folder of what visitors leave: uploads, feedback (default: verbatim.data)",
    )


def add_auth_option(group: "argparse._ActionsContainer") -> None:
    """Who may sign in."""
    group.add_argument(
        "--auth-file",
        metavar="FILE",
        type=Path,
        help="file of those who may sign in, made by 'assistant users add' (default: nobody has "
        "to)",
    )
