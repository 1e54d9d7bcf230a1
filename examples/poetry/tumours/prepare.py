"""Splits the measurements into a part to learn from and a part to be examined on."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split


def main() -> None:
    measurements, malignant = load_breast_cancer(return_X_y=True)
    learn, examine, learn_answers, examine_answers = train_test_split(
        measurements, malignant, test_size=0.25, random_state=7, stratify=malignant
    )
    data = Path("data")
    data.mkdir(exist_ok=True)
    np.savez(data / "learn.npz", measurements=learn, answers=learn_answers)
    np.savez(data / "examine.npz", measurements=examine, answers=examine_answers)
    print(f"{len(learn)} tumours to learn from, {len(examine)} to be examined on")


if __name__ == "__main__":
    main()
