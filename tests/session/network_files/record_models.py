"""Record files of other programs, with their outputs: `python -m tests.session.network_files.record_models`.

It needs skl2onnx, and Keras with any backend; the tests that read the files need neither.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
from skl2onnx import to_onnx
from sklearn.neural_network import MLPClassifier, MLPRegressor

DATA = Path(__file__).with_name("data")


def _record_sklearn(X: Any) -> dict[str, Any]:
    models: dict[str, tuple[Any, Any]] = {
        "binary": (MLPClassifier((4, 3), activation="tanh", max_iter=30, random_state=0), X[:, 0] > 0),
        "three": (MLPClassifier((5,), max_iter=30, random_state=0), np.digitize(X[:, 0], [-0.5, 0.5])),
        "regressor": (MLPRegressor(hidden_layer_sizes=(4,), activation="logistic", random_state=0), X[:, 0] * 2),
    }
    outputs: dict[str, Any] = {}
    for name, (model, y) in models.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X, y)
        (DATA / f"{name}.onnx").write_bytes(to_onnx(model, X[:1]).SerializeToString())
        found = model.predict_proba(X) if hasattr(model, "classes_") else model.predict(X)[:, None]
        outputs[f"{name}.onnx"] = (found[:, 1:] if name == "binary" else found).tolist()
    return outputs


def _record_keras(X: Any) -> dict[str, Any]:
    layers = keras.layers
    outputs: dict[str, Any] = {}
    dense = [layers.Dense(4, activation="tanh"), layers.Dense(3, activation="relu", use_bias=False), layers.Dense(2)]
    inputs = keras.Input((2,))
    outputs_of = layers.Dense(2, activation="sigmoid", name="out")(layers.Dense(3, name="first")(inputs))
    models = {
        "sequential.keras": keras.Sequential([keras.Input((2,)), *dense, layers.Activation("softmax")]),
        "functional.keras": keras.Model(inputs, outputs_of),
    }
    for name, model in models.items():
        for variable in model.weights:
            variable.assign(np.random.RandomState(len(outputs)).uniform(-1.0, 1.0, variable.shape))
        model.save(DATA / name)
        outputs[name] = np.array(model.predict(X, verbose=0), dtype=float).tolist()
    return outputs


def main() -> None:
    """Write the files, and as JSON the inputs and the outputs of each."""
    X = np.random.RandomState(0).randn(80, 2).astype(np.float32)
    outputs = {name: rows[:10] for name, rows in (_record_sklearn(X) | _record_keras(X)).items()}
    content = {"inputs": X[:10].astype(float).tolist(), "outputs": outputs}
    (DATA / "outputs.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
