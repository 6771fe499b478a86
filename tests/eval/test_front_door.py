import eval as front_door


def test_exported_names():
    assert set(front_door.__all__) == {
        "Case",
        "Dataset",
        "Report",
        "compare",
        "evaluate",
        "load_dataset",
        "load_report",
        "score_answers",
    }
    assert all(getattr(front_door, name).__doc__ for name in front_door.__all__)
