"""How long an import takes and how much memory it needs, on real servers, with the field encryption on.

make bench-registration            11,752 and 1,000,000 residents
make bench-registration ROWS=200000
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from support.house import House
from support.registering import A
from support.registrar import Registrar, as_file, many
from support.rolls import announced
from support.servers import Servers, running

TOWN, TOWN_SECONDS = 11_752, 10.0
"""Everyone invited in Dragør, and how long their import may take."""
MANY, MANY_MEGABYTES = 1_000_000, 300.0


async def imported(servers: Servers, folder: Path, residents: int) -> dict[str, Any]:
    """Import so many residents into an empty database and say how it went."""
    async with House(servers) as house:
        database = f"{house.name}_registration"
        house._databases.add(database)
        with Registrar(servers, database, folder) as registrar:
            await house.say(announced(A))
            while (await registrar.call("GET", "/counts")).status_code != 200:
                await asyncio.sleep(0.1)
            before = registrar.peak_megabytes()
            began = time.perf_counter()
            answer = await registrar.call("PUT", "/roll", as_file(many(residents)), seconds=6 * 3600)
            seconds = time.perf_counter() - began
            assert answer.status_code == 200, answer.text
            assert answer.json()["new"] == residents, answer.text
            counts = (await registrar.call("GET", "/counts", seconds=600)).json()
            assert counts["residents"] == residents, counts
            return {
                "residents": residents,
                "seconds": round(seconds, 1),
                "residents_a_second": round(residents / seconds),
                "peak_megabytes": round(registrar.peak_megabytes(), 1),
                "megabytes_before": round(before, 1),
            }


def main() -> int:
    """Run the imports and print them as JSON; 1 when one is outside its limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=MANY, help="residents of the large import; 0 leaves it out")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with running(folder) as servers:
            sizes = [TOWN, *([arguments.rows] if arguments.rows else [])]
            results = [asyncio.run(imported(servers, folder / str(size), size)) for size in sizes]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    town, *large = results
    kept = town["seconds"] < TOWN_SECONDS and all(one["peak_megabytes"] < MANY_MEGABYTES for one in large)
    print(json.dumps({"registration_import": results, "within_limits": kept}, indent=2))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
