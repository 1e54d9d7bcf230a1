"""Compares the models on tumours that they have not seen."""

import argparse
import json
import sys
from pathlib import Path

import joblib
import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-least", type=float, default=0.0, help="accuracy that the better model must have")
    wanted = parser.parse_args().at_least

    data = np.load("data/examine.npz")
    scores = {
        path.stem: joblib.load(path).score(data["measurements"], data["answers"])
        for path in sorted(Path("models").glob("*.joblib"))
    }
    for name, score in scores.items():
        print(f"{name}: {score:.3f} right of what it had not seen")
    best = max(scores, key=scores.get)
    Path("report.json").write_text(json.dumps({"best": best, "scores": scores}, indent=2) + "\n")
    print(f"best: {best}")
    if scores[best] < wanted:
        sys.exit(f"no model reaches {wanted}")


if __name__ == "__main__":
    main()
