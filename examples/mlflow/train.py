"""Fits a polynomial to the rentals and logs how good it is, and the model, with mlflow."""

import argparse

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

from rentals import days


class Rentals(mlflow.pyfunc.PythonModel):
    """A ridge regression on the powers of temperature and wind."""

    def __init__(self, degree: int, penalty: float) -> None:
        self.degree, self.penalty = degree, penalty

    def columns(self, frame: pd.DataFrame) -> np.ndarray:
        temperature, wind = frame["temperature"].to_numpy() / 10, frame["wind"].to_numpy() / 10
        powers = [values**power for values in (temperature, wind) for power in range(1, self.degree + 1)]
        return np.column_stack([np.ones(len(frame)), *powers])

    def fit(self, frame: pd.DataFrame) -> "Rentals":
        columns = self.columns(frame)
        penalties = self.penalty * np.eye(columns.shape[1])
        self.weights = np.linalg.solve(columns.T @ columns + penalties, columns.T @ frame["rented"].to_numpy())
        return self

    def predict(self, context, model_input, params=None):
        return self.columns(model_input) @ self.weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--degree", type=int, required=True)
    parser.add_argument("--penalty", type=float, required=True)
    arguments = parser.parse_args()

    with mlflow.start_run() as run:
        model = Rentals(arguments.degree, arguments.penalty).fit(days(700, seed=1))
        unseen = days(200, seed=2)
        misses = unseen["rented"] - model.predict(None, unseen)
        r2 = 1 - misses.var() / unseen["rented"].var()
        mlflow.log_metric("r2", r2)
        mlflow.pyfunc.log_model(
            "model",
            python_model=model,
            input_example=unseen[["temperature", "wind"]].head(2),
            signature=ModelSignature(inputs=Schema([ColSpec("double", "temperature"), ColSpec("double", "wind")])),
            pip_requirements="requirements.txt",
        )
        print(f"run {run.info.run_id}: r2 {r2:.3f}")


if __name__ == "__main__":
    main()
