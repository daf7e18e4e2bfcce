"""The Gradio page: the chat on the left, what was understood of each turn on the right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from . import page_view
from .page_turn import Conversation

EXAMPLES = (
    "Where is my order A1042?",
    "I'd like to send something back",
    "我的包裹什么时候到？",
    "This is the third broken mug, I am really angry!",
    "Tell me a joke",
)
HEADING = """
<h1>Trilogue</h1>
<p>Chat with the bot in English or 中文.</p>
"""
STYLE = """
.heading h1 { font-size: 1.5rem; font-weight: 600; margin: 0; }
.heading p { margin: 0; opacity: .65; }
.fresh { white-space: nowrap; }
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
TAKE = """(text, now) => {
  const field = document.querySelector("#message textarea");
  if (field.value.startsWith(text)) field.value = field.value.slice(text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return [text, now];
}"""
"""Runs in the browser: what is sent leaves the field at once, what is typed meanwhile stays."""
MOST_TURNS = 100
"""Turns that run at a time; those of one conversation wait for each other."""
Shown = tuple[list[dict[str, Any]], str]


def build_page(server: str) -> gr.Blocks:
    """Build the page for the chat server at an address."""
    blocks: gr.Blocks = gr.Blocks(title="Trilogue", fill_height=True)
    with blocks:
        now = gr.State(None)
        # The browser keeps the conversation, so that a reload shows it again.
        kept = gr.BrowserState(None, storage_key=f"trilogue:{server}", secret="trilogue")
        with gr.Row():
            gr.HTML(HEADING, elem_classes="heading")
            fresh = gr.Button(
                "New conversation", scale=0, min_width=150, size="md", elem_classes="fresh"
            )
        with gr.Row(scale=1):
            with gr.Column(scale=3):
                chat = gr.Chatbot(
                    label="Chat", height=520, render_markdown=False, allow_tags=False,
                    feedback_options=None, buttons=["copy"], latex_delimiters=[],
                    placeholder="Write in English or 中文.",
                )  # fmt: skip
                with gr.Row():
                    field = gr.Textbox(
                        show_label=False, placeholder="Write a message", scale=5, autofocus=True,
                        elem_id="message", lines=1, interactive=False,
                    )  # fmt: skip
                    send = gr.Button("Send", variant="primary", scale=1, min_width=90)
                gr.Examples(list(EXAMPLES), inputs=field, label="Try")
            with gr.Column(scale=2):
                gr.Markdown("### What was understood, and who answered")
                cards = gr.HTML(page_view.NOTHING_YET)

        async def typed(text: str, conversation: Conversation) -> AsyncIterator[Shown]:
            if text.strip():
                async for _ in conversation.say(server, text):
                    yield _shown(conversation)

        async def chosen(conversation: Conversation, option: gr.SelectData) -> AsyncIterator[Shown]:
            title = page_view.title_of(conversation, option.value)
            async for _ in conversation.say(server, option.value, title):
                yield _shown(conversation)

        view = [chat, cards]
        # A line that is sent before the conversation is there would be lost.
        blocks.load(_open, kept, [now, *view]).then(_ready, None, field)
        sent = [field.submit, send.click]
        told: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": MOST_TURNS}
        after = [
            gr.on(sent, typed, [field, now], view, js=TAKE, **told),
            chat.option_select(chosen, [now], view, **told),
            gr.on([fresh.click, chat.clear], _start_anew, now, [now, *view]),
        ]
        for event in after:
            event.then(_keep, now, kept)
    return blocks


def _open(kept: object) -> tuple[Conversation, list[dict[str, Any]], str]:
    conversation = Conversation.from_json(kept)
    return conversation, *_shown(conversation)


def _ready() -> dict[str, Any]:
    return gr.update(interactive=True, autofocus=True)


def _start_anew(conversation: Conversation) -> tuple[Conversation, list[dict[str, Any]], str]:
    conversation.left = True
    new = Conversation()
    return new, *_shown(new)


def _keep(conversation: Conversation) -> dict[str, Any]:
    return conversation.as_json()


def _shown(conversation: Conversation) -> Shown:
    return page_view.lines(conversation), page_view.cards(conversation)
