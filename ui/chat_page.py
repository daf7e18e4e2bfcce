"""The Gradio page: the chat on the left, what was understood of each turn on the right."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from .page_turn import Page, play_turn

EXAMPLES = (
    "Where is my order A1042?",
    "I'd like to send something back",
    "我的包裹什么时候到？",
    "This is the third broken mug, I am really angry!",
    "Tell me a joke",
)
STYLE = """
.turn-card { width: 100%; margin-bottom: 14px; border-collapse: collapse; font-size: 14px; }
.turn-card th { text-align: left; width: 84px; padding: 4px 8px 4px 0; vertical-align: top;
  font-weight: 500; opacity: .65; }
.turn-card, .turn-card tr, .turn-card th, .turn-card td { border: 0 !important; }
.turn-card { border-bottom: 1px solid #8883 !important; }
.turn-card td { padding: 4px 0; overflow-wrap: anywhere; }
.turn-card .entity { display: inline-block; background: #2f5d5022; border-radius: 10px;
  padding: 1px 9px; margin: 0 4px 3px 0; }
.turn-card .bar { position: relative; display: flex; justify-content: space-between;
  padding: 1px 8px; margin-bottom: 3px; border-radius: 6px; overflow: hidden; background: #8881; }
.turn-card .bar i { position: absolute; inset: 0 auto 0 0; background: #2f5d5044; }
.turn-card .bar span, .turn-card .bar em { position: relative; }
"""
Shown = tuple[list[dict[str, Any]], str, Page, str]


def build_page(server: str) -> gr.Blocks:
    """Build the page for the chat server at an address."""
    blocks: gr.Blocks = gr.Blocks(title="Trilogue", fill_height=True)
    with blocks:
        page = gr.State(_new_page)
        with gr.Row(scale=1):
            with gr.Column(scale=3):
                chat = gr.Chatbot(
                    label="Chat", height=520, render_markdown=False, allow_tags=False,
                    feedback_options=None, buttons=["copy"],
                    placeholder="Write in English or 中文.",
                )  # fmt: skip
                with gr.Row():
                    field = gr.Textbox(
                        show_label=False, placeholder="Write a message", scale=5, max_length=4000,
                        autofocus=True, lines=1,
                    )  # fmt: skip
                    send = gr.Button("Send", variant="primary", scale=1)
                    fresh = gr.Button("New conversation", scale=1)
                gr.Examples(list(EXAMPLES), inputs=field, label="Try")
            with gr.Column(scale=2):
                gr.Markdown("### What was understood, and who answered")
                cards = gr.HTML("Nothing yet: say something.")

        async def typed(text: str, now: Page) -> AsyncIterator[Shown]:
            if text.strip():
                async for after in play_turn(server, now, text, text):
                    yield _shown(after)
            else:
                yield _shown(now)

        async def chosen(now: Page, option: gr.SelectData) -> AsyncIterator[Shown]:
            async for after in play_turn(server, now, option.value, _title(now, option.value)):
                yield _shown(after)

        outputs = [chat, cards, page, field]
        gr.on([field.submit, send.click], typed, [field, page], outputs)
        chat.option_select(chosen, [page], outputs)
        fresh.click(lambda: _shown(_new_page()), None, outputs)
    return blocks


def _new_page() -> Page:
    return Page(conversation=uuid.uuid4().hex)


def _shown(page: Page) -> Shown:
    cards = "".join(page.cards) or "Nothing yet: say something."
    return list(page.lines), cards, page, ""


def _title(page: Page, payload: str) -> str:
    """The title of the newest button with a payload."""
    for line in reversed(page.lines):
        for option in line.get("options", ()):
            if option["value"] == payload:
                return str(option["label"])
    return payload
