"""The field's reference library on one instance, for comparing with it.

Run by an interpreter of its own environment (`make bench-lottery` makes it): the library is GPL, so nothing of this
project imports it, and this file imports nothing of this project. Its leximin needs Gurobi, whose free licence ends at
2,000 variables or rows: beyond some hundred people it stops, which is reported as it says it.

    reference/bin/python reference_leximin.py FOLDER

Prints JSON: `seconds` and `chances` (sorted), or `gave_up`.
"""

import json
import sys
import time
from pathlib import Path

from sortition_algorithms.adapters import CSVStringDataSource, SelectionData
from sortition_algorithms.committee_generation import find_distribution_leximin
from sortition_algorithms.settings import Settings


def main(folder: Path) -> None:
    """Read the instance as the library reads it, and time its leximin alone."""
    panel_size = int((folder / "k.txt").read_text())
    categories = (folder / "categories.csv").read_text(encoding="utf-8")
    # The instances call a feature `category` and its value `feature`; the library has its own names for both.
    _, rows = categories.split("\n", 1)
    people_rows = (folder / "respondents.csv").read_text(encoding="utf-8")
    data = SelectionData(CSVStringDataSource(f"feature,value,min,max\n{rows}", people_rows))
    features, _ = data.load_features(panel_size)
    people, _ = data.load_people(Settings(id_column="id", columns_to_keep=[]), features)
    start = time.perf_counter()
    try:
        panels, weights, _ = find_distribution_leximin(features, people, panel_size, [])
    except Exception as error:  # noqa: BLE001  # whatever it stops with is what it says
        print(json.dumps({"gave_up": f"{type(error).__name__}: {error}", "seconds": time.perf_counter() - start}))
        return
    seconds = time.perf_counter() - start
    chances = dict.fromkeys(people, 0.0)
    for panel, weight in zip(panels, weights, strict=True):
        for person in panel:
            chances[person] += float(weight)
    print(json.dumps({"seconds": seconds, "chances": sorted(chances.values())}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
