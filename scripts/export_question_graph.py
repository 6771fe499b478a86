"""Export the packaged model's graph for questions again, after a change of what makes it.

It writes the same bytes each time; tests/index/test_question_graph.py compares it with the model.
"""

from index.embedding import DEFAULT_MODEL, packaged_place
from index.models import weights_sha256
from index.question_export import export_graph, least_cosine
from index.question_graph import PACKAGED, configuration_sha256
from index.torch_model import load_torch, traits_of


def main() -> None:
    """Write the file and say how near its vectors are to the model's."""
    place = packaged_place()
    model = load_torch(place, "float32")
    graph = export_graph(
        model,
        place,
        traits=traits_of(model, place),
        weights_sha256=weights_sha256(place.folder, place.weight_files),
        configuration_sha256=configuration_sha256(place.folder),
    )
    if not graph.graph:
        raise SystemExit("The export failed, or its vectors are not the model's.")
    graph.save(PACKAGED)
    size = PACKAGED.stat().st_size
    cosine = least_cosine(model, graph, place)
    print(f"{DEFAULT_MODEL}: {size} bytes, cosine {cosine:.7f} or more with the model's vectors")


if __name__ == "__main__":
    main()
