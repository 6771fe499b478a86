"""Other projects' evaluation data as datasets: SQuAD, BEIR, and rows in the form of ragas."""

from eval.importers.beir import import_beir
from eval.importers.ragas_rows import import_ragas
from eval.importers.squad import import_squad
from eval.importers.types import Imported

__all__ = ["Imported", "import_beir", "import_ragas", "import_squad"]
