"""Customers queue at the tills of a shop: how long do they wait?"""

import argparse
import os

import numpy as np
from rich.console import Console
from rich.table import Table

WAITS = os.environ["WAITS_FILE"]


def simulate(tills: int, customers: int = 2000) -> None:
    random = np.random.default_rng(int(os.environ["SEED"]))
    arrivals = np.cumsum(random.exponential(0.3, customers))
    free_at = np.zeros(tills)
    waits = np.empty(customers)
    for number, (arrival, takes) in enumerate(zip(arrivals, random.exponential(1.1, customers))):
        till = free_at.argmin()
        start = max(arrival, free_at[till])
        free_at[till] = start + takes
        waits[number] = start - arrival
    np.save(WAITS, waits)
    print(f"{customers} customers at {tills} tills: {waits.mean():.1f} minutes of waiting each")


def report() -> None:
    waits = np.load(WAITS)
    table = Table("of the customers", "wait at most")
    for share in (50, 90, 99):
        table.add_row(f"{share} %", f"{np.percentile(waits, share):.1f} min")
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("simulate").add_argument("--tills", type=int, default=3)
    commands.add_parser("report")
    arguments = parser.parse_args()
    if arguments.command == "simulate":
        simulate(arguments.tills)
    else:
        report()


if __name__ == "__main__":
    main()
