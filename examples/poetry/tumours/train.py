"""Trains one of the models and keeps it."""

import argparse
from pathlib import Path

import joblib
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MODELS = {
    "forest": RandomForestClassifier(n_estimators=200, random_state=7),
    "baseline": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=MODELS)
    name = parser.parse_args().model

    data = np.load("data/learn.npz")
    model = MODELS[name].fit(data["measurements"], data["answers"])
    models = Path("models")
    models.mkdir(exist_ok=True)
    joblib.dump(model, models / f"{name}.joblib")
    accuracy = model.score(data["measurements"], data["answers"])
    print(f"{name}: {accuracy:.3f} right of what it learned from")


if __name__ == "__main__":
    main()
