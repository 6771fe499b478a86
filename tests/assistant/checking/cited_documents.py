"""Two documents that quotes are taken to be from."""

from index import DocumentInfo

CUTLER = DocumentInfo(
    "a" * 16,
    "A study of arms",
    ("Robert M. Cutler",),
    "Eurasia Weekly",
    "2023-10-31",
    "a.md",
    "a" * 64,
)
DOE = DocumentInfo("d" * 16, "Notes", ("Jane Doe",), None, None, "d.md", "d" * 64)
