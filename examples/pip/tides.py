"""The tides that are looked for: their names and periods in hours."""

import numpy as np

PERIODS = {"M2 (moon)": 12.4206, "S2 (sun)": 12.0, "O1 (moon, daily)": 25.8193, "K1 (both, daily)": 23.9345}


def waves(hours: np.ndarray) -> np.ndarray:
    """One column of ones, then a cosine and a sine for each tide."""
    columns = [np.ones(len(hours))]
    for period in PERIODS.values():
        angle = 2 * np.pi * hours / period
        columns += [np.cos(angle), np.sin(angle)]
    return np.column_stack(columns)
