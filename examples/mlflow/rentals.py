"""How many bikes are rented, by temperature and wind: made up, but not unlike a real town."""

import numpy as np
import pandas as pd


def days(count: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    temperature = random.normal(14, 8, count)
    wind = random.gamma(2.0, 6.0, count)
    rented = 900 + 60 * temperature - 1.4 * (temperature - 18) ** 2 - 9 * wind + random.normal(0, 120, count)
    return pd.DataFrame({"temperature": temperature, "wind": wind, "rented": rented.clip(0)})
