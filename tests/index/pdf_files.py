"""Small PDF files written by hand, for what programs do not write by themselves."""

import io
import zlib

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def text_at(x, y, words, size=12, more=""):
    return f"BT {more} /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET\n"


def lines_at(x, y, lines, size=12, leading=14.4):
    return "".join(text_at(x, y - n * leading, line, size) for n, line in enumerate(lines))


def make_pdf(*contents, catalog="", page="", font=HELVETICA, packed=True, objects=(), info=""):
    """A PDF whose pages have these drawing commands.

    Args:
        contents: of each page.
        catalog: more entries of the catalog.
        page: more entries of each page.
        font: of /F1.
        packed: whether the commands are deflated.
        objects: more objects, numbered from 4.
        info: entries of the information dictionary.
    """
    first = 4 + len(objects)
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(contents)))
    made = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        font,
        *objects,
    ]
    for number, content in enumerate(contents):
        data = content if isinstance(content, bytes) else content.encode("latin-1")
        data = zlib.compress(data) if packed else data
        method = "/Filter /FlateDecode " if packed else ""
        made.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font "
            f"<< /F1 3 0 R >> >> /Contents {first + 2 * number + 1} 0 R {page} >>".encode()
        )
        made.append(f"<< {method}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream")
    made.append(f"<< {info} >>".encode())
    stream = io.BytesIO()
    stream.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(made, 1):
        places.append(stream.tell())
        stream.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = stream.tell()
    stream.write(f"xref\n0 {len(made) + 1}\n0000000000 65535 f \n".encode())
    for place in places:
        stream.write(f"{place:010} 00000 n \n".encode())
    stream.write(
        f"trailer\n<< /Size {len(made) + 1} /Root 1 0 R /Info {len(made)} 0 R >>\n"
        f"startxref\n{start}\n%%EOF\n".encode()
    )
    return stream.getvalue()


def scan_of(data, dots_per_inch=150):
    """The pages of a PDF as pictures, in a PDF: what a scanner makes."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(data)
    images = [page.render(scale=dots_per_inch / 72).to_pil().convert("L") for page in document]
    document.close()
    stream = io.BytesIO()
    images[0].save(stream, "PDF", resolution=dots_per_inch, save_all=True, append_images=images[1:])
    return stream.getvalue()
