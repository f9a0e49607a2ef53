"""`lottery quotas`: a file of categories from the population's shares."""

import argparse
import sys
from pathlib import Path

from lottery.commands.inputs import content_of
from lottery.domain.shares import quotas_from_shares
from lottery.files.shares import read_shares
from lottery.files.writing import csv_bytes


def add_quotas(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `lottery quotas`."""
    parser.add_argument("--shares", type=Path, required=True, metavar="FILE", help="CSV: feature,value,share")
    parser.add_argument("--panel-size", type=int, required=True, metavar="K", help="how many seats")
    parser.add_argument("--slack", type=int, default=1, metavar="SEATS", help="around each target (default: 1)")
    parser.add_argument("--flex", type=int, default=0, metavar="SEATS", help="how much further bounds may be loosened")
    parser.set_defaults(run=quotas)


def quotas(chosen: argparse.Namespace) -> int:
    """Write the quotas to standard output, as `lottery draw --categories` reads them."""
    shares = read_shares(content_of(chosen.shares), chosen.shares.name)
    made = quotas_from_shares(chosen.panel_size, shares, slack=chosen.slack, flex=chosen.flex)
    flexible = ["min_flex", "max_flex"] if chosen.flex else []
    rows = []
    for row in made.rows:
        bounds = [row.minimum, row.maximum, *([row.lowest, row.highest] if flexible else [])]
        rows.append([row.criterion, row.value, *map(str, bounds)])
    sys.stdout.write(csv_bytes(["feature", "value", "min", "max", *flexible], rows).decode())
    return 0
