"""The entry point ``page``: see `assistant.component.PagePart`."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import TrilogueError


def website() -> Path:
    """The folder of the plain website page and the widget."""
    return Path(str(files("ui").joinpath("website")))


def serve(server: str, *, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve the chat page until interrupted.

    Raises:
        TrilogueError: Gradio is not installed, or the port is taken.
    """
    if find_spec("gradio") is None:
        raise TrilogueError("The chat page needs Gradio. Install it: pip install 'trilogue[ui]'")
    _check_port(host, port)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from .chat_page import STYLE, build_page

    blocks = build_page(server)
    blocks.queue(default_concurrency_limit=20)
    _, address, _ = blocks.launch(
        server_name=host, server_port=port, prevent_thread_lock=True, quiet=True, share=False,
        footer_links=[], css=STYLE, strict_cors=True, ssr_mode=False,
    )  # fmt: skip
    on_ready(address)
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    blocks.close(verbose=False)


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise TrilogueError(
                f"{host}:{port}: cannot be listened on ({error.strerror}). "
                "Choose another port with --port."
            ) from error
