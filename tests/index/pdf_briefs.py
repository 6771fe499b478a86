"""The briefs as text, and as files that other programs make of them."""

import html
import re
import subprocess
from pathlib import Path

from document_programs import program

from index.segmentation import find_sentences

BRIEFS = Path(__file__).parents[2] / "eval" / "datasets" / "briefs" / "documents"
PDFS = Path(__file__).parent / "pdfs"


def paragraphs_of(path):
    """The paragraphs of a brief, without marks of emphasis and of notes."""
    text = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    text = re.sub(r"\[\^\w+\]:? ?", "", text).replace("*", "")
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text.strip())]


def sentences_of(paragraphs):
    """The sentences of running text, quotation marks made plain."""
    texts = [plain(text) for text in paragraphs if not text.startswith(("#", "-"))]
    return [text[a:b] for text in texts for a, b in find_sentences(text, 0, len(text))]


def plain(text):
    text = re.sub(r"\[\^\w+\]:? ?", "", text)
    return " ".join(text.translate(str.maketrans("‘’“”", "''\"\"")).split())


def share_found(paragraphs, text):
    """The share of the sentences that stand in a converted text, and those that do not."""
    found, wanted = plain(text), sentences_of(paragraphs)
    missing = [sentence for sentence in wanted if sentence not in found]
    return 1 - len(missing) / len(wanted), missing


def as_html(paragraphs, style):
    parts = [f"<!doctype html><html lang=en><meta charset=utf-8><style>{style}</style>"]
    for text in paragraphs:
        mark = re.match(r"(#+)\s+", text)
        tag = f"h{len(mark[1])}" if mark else "p"
        parts.append(f"<{tag}>{html.escape(text[mark.end() if mark else 0 :])}</{tag}>")
    return "\n".join(parts)


def print_page(browser, content, **options):
    """What Chromium prints of a page."""
    page = browser.new_page()
    page.set_content(content)
    data = page.pdf(**{"format": "A4", **options})
    page.close()
    return data


def print_document(folder, name):
    """What LibreOffice makes of a document in a folder."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [program("soffice"), profile, "--headless", "--convert-to", "pdf", name]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
    return (folder / name).with_suffix(".pdf").read_bytes()
