"""Each third-party library is imported in as few modules as possible."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "sqlalchemy": (
        *("index/catalog/", "assistant/conversation", "assistant/feedback.py"),
        "assistant/sqlite_file.py",
    ),
    "chromadb": ("index/vectors.py", "index/vector_server.py"),
    "tantivy": ("index/terms.py",),
    "sentence_transformers": (
        "index/cross_encoder.py",
        "index/question_export.py",
        "index/torch_model.py",
    ),
    "pypdfium2": ("index/loaders/pdf/",),
    "rapidocr": ("index/loaders/pdf/ocr.py",),
    "torch": ("index/question_export.py", "index/torch_model.py"),
    "onnx": ("index/question_export.py",),
    "onnxruntime": ("index/question_graph.py",),
    "tokenizers": ("index/question_graph.py",),
    "docx": ("index/loaders/office/word.py",),
    "openpyxl": ("index/loaders/office/sheets.py",),
    "pptx": ("index/loaders/office/slides.py",),
    "sentencex": ("index/segmentation.py",),
    "tiktoken": ("index/segmentation.py",),
    "lxml": ("index/loaders/html/tree.py",),
    "trafilatura": ("index/loaders/html/main_text.py",),
    "tinycss2": ("index/loaders/html/stylesheet.py",),
    "filelock": ("index/lock.py",),
    "watchfiles": ("index/watching.py",),
    "ray": ("index/engines_cluster.py",),
    "langchain": ("assistant/model_making.py",),
    "langchain_core": (
        "assistant/chain.py",
        "assistant/desk.py",
        "assistant/model_making.py",
        "assistant/model_reply.py",
        "assistant/models.py",
        "assistant/openai_compatible.py",
        "assistant/reply_cache.py",
        "assistant/retriever.py",
    ),
    "langchain_openai": ("assistant/openai_compatible.py",),
    "tenacity": ("assistant/models.py",),
    "pydantic_settings": ("assistant/settings.py",),
    "jinja2": ("eval/html/page.py",),
    "gradio": ("assistant/web/",),
    "fastapi": ("assistant/web/",),
    "uvicorn": ("assistant/web/",),
    "prometheus_client": ("assistant/web/metrics",),
    "mcp": ("assistant/web/mcp.py",),
    "mcp_types": ("assistant/web/mcp.py",),
}


@cache
def imports():
    return frozenset(_imports())


def _imports():
    for package in ("index", "assistant", "prompts", "eval"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names = [node.module]
                for name in names:
                    yield path.relative_to(ROOT).as_posix(), name.partition(".")[0]


@pytest.mark.parametrize("library", ALLOWED)
def test_library_stays_in_its_place(library):
    places = {path for path, name in imports() if name == library}
    assert places, f"{library} is imported nowhere: take it off the list"
    assert [place for place in places if not place.startswith(ALLOWED[library])] == []
