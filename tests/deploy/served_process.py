"""A real server process with models without weights, for tests that end processes.

Arguments: models folder, store, port, options of the fakes as JSON, limits as JSON.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import fakes

from assistant.component import ServerSettings
from assistant.errors import TrilogueError
from deploy.limits import Limits
from deploy.part import serve


def main(models: str, store: str, port: str, options: str, limits: str) -> int:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    fakes.install(**json.loads(options))
    settings = ServerSettings(models=Path(models), store=Path(store), port=int(port))
    try:
        serve(
            settings,
            on_ready=lambda address: print(address, flush=True),  # noqa: T201
            limits=Limits(**json.loads(limits)),
        )
    except TrilogueError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
