"""How much of a document is found again, word by word, when it comes as an Office file or a PDF.

Markdown is made into each format by pandoc, LibreOffice or Chromium and read back; a sentence or a
table's cell counts where the canonical text has it unchanged, but for white space and quotation
marks.

    python scripts/measure_conversion.py docs/*.md eval/datasets/briefs/documents/*.md
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.blocks import find_blocks
from index.canonical import canonical_text, matching_text
from index.loading import load
from index.markup import front_matter_end, heading_text, plain_line
from index.segmentation import find_sentences
from index.tables import cells_of

WAYS = (
    ("pandoc", "docx"),
    ("LibreOffice", "docx"),
    ("pandoc", "pptx"),
    ("LibreOffice", "xlsx"),
    ("LibreOffice", "csv"),
    ("LibreOffice", "pdf"),
    ("Chromium", "pdf"),
    ("Chromium, two columns", "pdf"),
)
TWO_COLUMNS = (
    "body { columns: 2; font: 10pt serif; text-align: justify; hyphens: auto; } "
    "h1 { column-span: all }"
)

_SHOWN = 3


def main(paths: list[str]) -> None:
    """Print a line for each format and program."""
    with tempfile.TemporaryDirectory() as name:
        for program, suffix in WAYS:
            total = 0
            missing: list[str] = []
            for source in map(Path, paths):
                units = list(_units(source, is_sheet=suffix in ("xlsx", "csv")))
                if not units:
                    continue
                target = _made(source, program, suffix, Path(name))
                text = matching_text(load(target.read_bytes(), str(target)).text)
                text = _bare(text.replace("\\|", "|"))
                missing += [unit for unit in units if unit not in text]
                total += len(units)
            found = total - len(missing)
            print(f"{suffix} by {program}: {found} of {total} ({found / max(total, 1):.1%})")
            for unit in missing[:_SHOWN]:
                print(f"    missing: {unit[:110]}")


def _units(source: Path, is_sheet: bool) -> Iterator[str]:
    """The sentences, headings and cells of a Markdown file; of a sheet only the cells."""
    text = _without_code(canonical_text(source))
    for block in find_blocks(text):
        words = text[block.start : block.end]
        if block.row is not None:
            lines = words.split("\n")[:1]
            pieces = [cell for line in lines for cell in cells_of(line)]
        elif is_sheet or block.label == "front_matter":
            continue
        elif block.kind == "heading":
            pieces = [heading_text(words)]
        else:
            spans = find_sentences(text, block.start, block.end)
            pieces = [text[start:end] for start, end in spans]
        for piece in pieces:
            plain = matching_text(_bare(plain_line(" ".join(piece.split()))))
            if is_sheet and re.fullmatch(r"\d*\.\d+", plain):
                plain = f"{float(plain):g}"  # which is all that a sheet keeps of `.700`
            if any(map(str.isalnum, plain)):
                yield plain


def _made(source: Path, program: str, suffix: str, folder: Path) -> Path:
    target = folder / f"{source.stem}.{suffix}"
    text = _without_code(canonical_text(source))
    markdown = folder / f"{source.stem}.md"
    markdown.write_text(text[front_matter_end(text) :], encoding="utf-8")
    reader = ["--from", "markdown-smart-tex_math_dollars-citations-raw_html"]
    if program == "pandoc":
        _run("pandoc", *reader, str(markdown), "-o", str(target))
        return target
    if program.startswith("Chromium"):
        page = folder / f"{source.stem}.html"
        _run("pandoc", *reader, "--metadata=lang:en", "-s", str(markdown), "-o", str(page))
        style = f"<style>{TWO_COLUMNS if 'two' in program else ''}</style></head>"
        page.write_text(page.read_text(encoding="utf-8").replace("</head>", style, 1), "utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={target}"]
        _run("chromium", *options, page.as_uri())
        return target
    between = folder / f"{source.stem}.{'odt' if suffix in ('docx', 'pdf') else 'html'}"
    _run("pandoc", *reader, str(markdown), "-o", str(between))
    if between.suffix == ".html":
        tables = re.findall(r"<table.*?</table>", between.read_text(encoding="utf-8"), re.DOTALL)
        between.write_text(f"<meta charset='utf-8'>{'<p></p>'.join(tables)}", encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    if suffix not in ("docx", "pdf"):
        command.append("--infilter=HTML (StarCalc)")
    form = "csv:Text - txt - csv (StarCalc):44,34,76" if suffix == "csv" else suffix
    _run(*command, "--convert-to", form, "--outdir", str(folder), str(between))
    return target


def _bare(text: str) -> str:
    """Without the marks of emphasis and code."""
    return re.sub(r"[*`]", "", text)


def _without_code(text: str) -> str:
    """Without fenced code, whose lines are no sentences, and without pictures."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    return re.sub(r"(?ms)^```.*?^```\s*$", "", text)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    main(sys.argv[1:])
