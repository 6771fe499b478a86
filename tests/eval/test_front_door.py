import eval as front_door


def test_exported_names():
    assert set(front_door.__all__) == {
        "Case",
        "Dataset",
        "Report",
        "evaluate",
        "load_dataset",
        "score_answers",
    }
    assert all(getattr(front_door, name).__doc__ for name in front_door.__all__)
