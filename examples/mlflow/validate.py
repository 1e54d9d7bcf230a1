"""Reads back what the newest run of the experiment has logged, and fails when it is not good enough."""

import argparse
import os
import sys

import mlflow

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--at-least", type=float, required=True)
wanted = parser.parse_args().at_least

runs = mlflow.search_runs(
    experiment_names=[os.environ["MLFLOW_EXPERIMENT_NAME"]],
    filter_string="attributes.status = 'FINISHED'",
    order_by=["attributes.start_time DESC"],
    max_results=1,
    output_format="list",
)
if not runs:
    sys.exit("no model has been trained yet")
run = runs[0]
r2 = run.data.metrics["r2"]
model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
print(f"run {run.info.run_id}: r2 {r2:.3f}, {model.unwrap_python_model().degree=}")
if r2 < wanted:
    sys.exit(f"r2 {r2:.3f} is less than {wanted}")
