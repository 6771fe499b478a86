"""All fuzz targets."""

from scripts.fuzz.target import Target
from scripts.fuzz.targets import answers, datasets, documents, files, language, payloads

TARGETS: tuple[Target, ...] = (
    *files.TARGETS,
    *documents.TARGETS,
    *language.TARGETS,
    *answers.TARGETS,
    *payloads.TARGETS,
    *datasets.TARGETS,
)
