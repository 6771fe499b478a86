"""An index as one file: to back it up, to move it to another machine, or between kinds of store.

The file is a ZIP archive of the catalog's rows. What is derived from the catalog is not in it, and
is made again where it is unpacked, without embedding anything.

    manifest.json       what it is, and the size and SHA-256 of each member; its own is in the
                        archive's comment
    documents.jsonl     a document's metadata a line, ordered by id
    passages.jsonl      a passage a line, ordered by document and place
    vectors.bin         of each passage in that order: its vector as float32, then those of its
                        sentences as float16
    sources.jsonl       a source a line, in the order of adding
    weights.json        what was calibrated on the index, if anything was
    files.jsonl         the original files and sidecars that are in it
    files/N.SUFFIX      those files, as they were when it was made
"""

from index.carrying.exporting import ExportReport, export_index
from index.carrying.importing import ImportReport, import_index

__all__ = ["ExportReport", "ImportReport", "export_index", "import_index"]
