"""A model for entailment, small and taught on the spot, beside a chat model: the whole way."""

import pytest
from model_makers import make_cross_encoder, make_nli
from model_servers import Says

from assistant import Assistant
from assistant.cli import main
from assistant.model_types import ModelOptions
from index import build

MILL = "The old mill of the town was sold."
MORE = "\n\nThe lane beside it is narrow, and two carts cannot pass there.\n"


pytestmark = pytest.mark.slow  # a model is taught first


@pytest.fixture(scope="module")
def nli(tmp_path_factory):
    return make_nli(tmp_path_factory.mktemp("models") / "nli")


@pytest.fixture
def ask(tmp_path, scripted_server):
    """The answer to one question by a chat model that writes one sentence."""
    (tmp_path / "mill.md").write_text(f"# The mill\n\n{MILL}{MORE}", encoding="utf-8")
    build([tmp_path / "mill.md"], tmp_path / "index")

    def ask(sentence, nli):
        server = scripted_server(Says(f"{sentence} [1.1]"))
        options = ModelOptions(base_url=server.base_url)
        model = f"openai:{server.model}"
        with Assistant.open(tmp_path / "index", model, options=options, nli=nli) as desk:
            return desk.answer("Was the mill sold?")

    return ask


def test_other_words_pass_where_a_model_says_that_they_follow(ask, nli):
    said = "The old mill of the town was auctioned."
    assert ask(said, None).details.drafts[0].outcome == "dropped"
    answer = ask(said, str(nli))
    assert [statement.text.startswith(said) for statement in answer.statements] == [True]
    assert [citation.quote.text for citation in answer.citations] == [MILL]
    checks = {check.name: check for check in answer.details.drafts[0].checks}
    assert checks["entailment"].passed
    assert "follows from the quotes" in checks["entailment"].reason


@pytest.mark.parametrize(
    "sentence", ["The old mill of the town was flooded.", "The old mill of the town was not sold."]
)
def test_what_does_not_follow_is_dropped(ask, nli, sentence):
    answer = ask(sentence, str(nli))
    assert {draft.outcome for draft in answer.details.drafts} == {"dropped"}
    assert sentence not in answer.text


def test_doctor_tries_the_model(nli, tmp_path, capsys):
    options = ["--index", str(tmp_path / "none"), "--nli"]
    assert main(["doctor", *options, str(nli)]) == 0
    found = capsys.readouterr().out
    assert (
        f"ok   nli: {nli}, it holds a sentence to follow from itself by 1.00, its denial" in found
    )
    ranker = make_cross_encoder(tmp_path / "ranker")
    assert main(["doctor", *options, str(ranker)]) == 1
    assert "expected a model with the label 'entailment'" in capsys.readouterr().out
