"""Foretells the water level from the tides that were found."""

import argparse
import csv
import json
from pathlib import Path

import numpy as np

from tides import waves

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--hours", type=int, default=24)
ahead = parser.parse_args().hours

found = json.loads(Path("tides.json").read_text())
hours = np.arange(found["hours"], found["hours"] + ahead)
levels = waves(hours) @ np.array(found["amounts"])

with open("forecast.csv", "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["hour", "level"])
    writer.writerows((hour, f"{level:.2f}") for hour, level in enumerate(levels))
print(f"highest water in {levels.argmax()} hours: {levels.max():.2f} m")
