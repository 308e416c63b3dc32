"""Every photograph that the model in this repository was trained on allows commercial use: the model file names a list
of them, what is named is what lies beside it, and the page for their authors is the list's.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"
sys.path.insert(0, str(ROOT / "tools/training"))

from hfnet import container
from hfnet.attribution import attribution_page, write_list
from hfnet.photographs import HEADER, LIST_NAME, PAGE_NAME, PhotographList, list_beside


def check(model: Path) -> None:
    """Fails unless the model file, its list and its page agree, and all that is listed is allowed."""
    _, metadata = container.read(model)
    assert "photographs_hash" in metadata, "the model file names no list (tools/training/export --photographs)"
    photographs = list_beside(model, metadata["photographs_hash"])
    assert len(photographs.photographs) == json.loads(metadata["provenance"])["images"]
    page = model.with_name(PAGE_NAME).read_text(encoding="utf-8")
    assert page == attribution_page(photographs), f"{PAGE_NAME} is not the list's: tools/training/list-photographs"


def test_the_shipped_model() -> None:
    check(MODEL)


GOOD = f"{HEADER}\na.jpg\tCC0-1.0\t\tthere\nb.jpg\tCC-BY-4.0\tAnn\tthere\n"


def model_with(folder: Path, text: str, images: int = 2, named: str | None = None) -> Path:
    """The shipped model as if it had been trained on the photographs of this list."""
    tensors, metadata = container.read(MODEL)
    del metadata["model_id"]
    metadata["photographs_hash"] = container.digest((named or text).encode())
    metadata["provenance"] = json.dumps(json.loads(metadata["provenance"]) | {"images": images})
    path = folder / "model.safetensors"
    container.write(path, tensors, metadata | {"model_id": container.identity(metadata, tensors)})
    (folder / LIST_NAME).write_text(text)
    page = folder / "good" / LIST_NAME
    page.parent.mkdir()
    page.write_text(GOOD)
    write_list(PhotographList.read(page), page)
    shutil.copy(page.with_name(PAGE_NAME), folder / PAGE_NAME)
    return path


def test_a_model_with_its_list_is_good(tmp_path: Path) -> None:
    check(model_with(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD.replace("CC-BY-4.0", "CC-BY-SA-4.0"), "CC-BY-SA-4.0"),
        (GOOD.replace("CC0-1.0", "research only"), "research only"),
        (GOOD.replace("CC0-1.0", "CC-BY-NC-4.0"), "CC-BY-NC-4.0"),
        (GOOD.replace("Ann", ""), "an author"),
    ],
)
def test_one_photograph_that_is_not_allowed_is_found(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=why):
        check(model_with(tmp_path, text))


def test_another_list_than_the_named_one_is_found(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="another"):
        check(model_with(tmp_path, GOOD.replace("Ann", "Bob"), named=GOOD))


def test_a_number_that_is_not_that_of_training_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        check(model_with(tmp_path, GOOD, images=3))


def test_a_page_that_is_not_the_list_s_is_found(tmp_path: Path) -> None:
    text = GOOD.replace("Ann", "Bob")
    with pytest.raises(AssertionError, match="list-photographs"):
        check(model_with(tmp_path, text))


def test_a_model_without_a_list_is_found(tmp_path: Path) -> None:
    tensors, metadata = container.read(MODEL)
    metadata.pop("photographs_hash", None)
    container.write(tmp_path / "model.safetensors", tensors, metadata)
    (tmp_path / LIST_NAME).write_text(GOOD)
    with pytest.raises(AssertionError, match="names no list"):
        check(tmp_path / "model.safetensors")
