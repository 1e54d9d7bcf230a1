"""Makes a year of hourly water levels, as a gauge would give them: tides, weather and a little noise."""

import argparse

import numpy as np

from tides import waves

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--seed", type=int, default=0)
random = np.random.default_rng(parser.parse_args().seed)

hours = np.arange(365 * 24)
tide = waves(hours) @ np.array([5.0, 1.6, 0.4, 0.5, -0.3, 0.2, 0.1, 0.15, -0.1])
weather = np.convolve(random.normal(0, 0.3, len(hours)), np.full(48, 1 / 7), mode="same")
np.save("levels.npy", tide + weather + random.normal(0, 0.05, len(hours)))
print(f"{len(hours)} hours measured")
