"""Measure the translator: sacreBLEU on held-out sets, both ways, float and int8 in one run.

    python benchmarks/translator.py [--folder DIR] [--most N] [--json FILE] [--card MINUTES]

``--card`` also writes the model card into the folder.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant.engines import bytes_of, int8_folder
from translation.data_folder import data_folder
from translation.evaluation import measure
from translation.loading import model_folders
from translation.model_card import results_table, write_model_card


def main() -> None:
    """Print the table; ``--json`` writes everything, with examples and signatures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", help="another model [default: the built-in base]")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--most", type=int, help="sentences per set [default: all]")
    parser.add_argument("--engines", default="float,int8")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--card", type=float, metavar="MINUTES", help="minutes of training")
    arguments = parser.parse_args()
    data = data_folder(arguments.data)
    engines = arguments.engines.split(",")
    results = measure(arguments.folder, data, engines=engines, most=arguments.most)
    print(results_table(results))
    for title, ways in results.items():
        for way, found in ways.items():
            speeds = ", ".join(
                f"{engine} {each['sentences'] / max(each['seconds'], 1e-9):.0f}"
                for engine, each in found.items()
            )
            print(f"{title}, {way}: {speeds} sentences/s")
    for folder in model_folders(arguments.folder):
        files = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
        print(f"{folder}: {files / 1e6:.1f} MB, int8 {bytes_of(int8_folder(folder)) / 1e6:.1f} MB")
        if arguments.card is not None:
            write_model_card(folder, data, results, minutes=arguments.card)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
