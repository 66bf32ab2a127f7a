"""One question's row must be what scikit-learn's own transform gives."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

from bot.nlu.linear_model import QuestionFeatures

LEARNED = ["welke schaal heeft xfunctie", "welke opleiding vraagt xfunctie", "wat doet xfunctie", "welke schaal"]


@pytest.mark.parametrize("text", ["welke schaal schaal heeft xfunctie", "iets heel anders", "", "schaal"])
@pytest.mark.parametrize("restored", [False, True])
def test_a_row_equals_scikit_learns(text, restored):
    features = QuestionFeatures()
    features.fit(LEARNED * 3)
    wanted = scipy.sparse.hstack([view.transform([text]) for view in features.views]).toarray()[0]
    if restored:
        features = QuestionFeatures.from_state(features.state())
    columns, values = features.row(text)
    row = np.zeros(features.size)
    row[columns] = values
    assert row == pytest.approx(wanted, abs=1e-6)
