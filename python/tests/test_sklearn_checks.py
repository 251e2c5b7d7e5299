"""scikit-learn's own checks of estimators, and what it composes of them."""

import eddy_rnn
import joblib
import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

KINDS = [
    "Classifier", "Composer", "Direction", "Forecaster", "LanguageModel", "Reserve", "Risk", "Tagger", "Transcriber",
    "Translator", "Voice",
]  # fmt: skip
SMALL = dict(hidden=16, steps=150, learning_rate=0.03, threads=1)


# What is skipped: checks of X as a matrix, for all but the Classifier, who alone reads one. No failure is expected.
@parametrize_with_checks([getattr(eddy_rnn, kind)(**SMALL) for kind in KINDS])
def test_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clone_has_the_parameters_and_nothing_learned(kind):
    estimator = getattr(eddy_rnn, kind)(hidden=8, cell="gru")
    assert clone(estimator).get_params() == estimator.get_params()
    assert is_classifier(estimator) == (kind == "Classifier")


def test_classifiers_stand_in_pipelines_and_searches(random):
    X = random.normal(size=(60, 6))
    y = (X[:, 0] > 0).astype(int)
    pipeline = make_pipeline(StandardScaler(), eddy_rnn.Classifier(hidden=8, steps=30, learning_rate=0.03, threads=1))
    assert np.isfinite(cross_val_score(pipeline, X, y, cv=2)).all()
    with joblib.parallel_config("threading", n_jobs=2):
        search = GridSearchCV(pipeline, {"classifier__cell": ["lstm", "gru"]}, cv=2).fit(X, y)
    assert search.best_params_["classifier__cell"] in ("lstm", "gru")
    assert search.predict(X).shape == (60,)
