/* Trilogue's chat box for any website:  <script src="https://YOUR-SERVER/widget.js" async></script>
 *
 * Settings are attributes of the script tag:
 *   data-title="Help"   the heading            data-lang="zh"     language of the box itself
 *   data-color="#2f5d50"  its colour           data-open          opens at once
 *   data-server="https://…"  another server than the one that the script comes from
 */
(() => {
  "use strict";

  const script = document.currentScript;
  const server = (script.dataset.server || new URL(script.src).origin).replace(/\/$/, "");
  const WORDS = {
    en: { title: "How can we help?", write: "Write a message", send: "Send", open: "Open the chat",
          close: "Close the chat", away: "Connecting …", fresh: "New conversation",
          typing: "is writing …", stop: "Stop", long: "This is too long, please shorten it:",
          refused: "This website may not use the chat yet. Start the server with:" },
    zh: { title: "有什么可以帮您？", write: "请输入消息", send: "发送", open: "打开聊天", close: "关闭聊天",
          away: "正在连接 …", fresh: "新的对话", typing: "正在输入 …", stop: "停止",
          long: "太长了，请缩短：",
          refused: "本网站尚未获准使用聊天。请这样启动服务器：" },
  };
  const tag = (script.dataset.lang || document.documentElement.lang || navigator.language || "en");
  const words = WORDS[tag.slice(0, 2)] || WORDS.en;

  const LONGEST = 4000; // characters that the server takes in one message
  const TOO_BIG = 1009; // the websocket's code for a frame that is larger than the server takes

  /** The websocket: numbers, acknowledgements, and coming back after a break. */
  class Connection {
    constructor(onFrame, onState) {
      this.onFrame = onFrame;
      this.onState = onState;
      this.waiting = new Map(); // message id -> frame, until it is acknowledged
      this.pause = 500;
      this.restore();
    }

    restore() {
      const kept = read(`trilogue:${server}`) || {};
      this.conversation = kept.conversation || uuid();
      this.lastSeq = kept.lastSeq || 0;
      this.lines = kept.lines || []; // what is shown again when the visitor opens another page
      this.keep();
    }

    keep(line) {
      if (line) this.lines = [...this.lines, line].slice(-200);
      const { conversation, lastSeq, lines } = this;
      write(`trilogue:${server}`, { conversation, lastSeq, lines });
    }

    startAnew() {
      write(`trilogue:${server}`, null);
      this.waiting.clear();
      this.restore();
      if (!this.socket) return;
      this.socket.onclose = this.socket.onmessage = null; // what comes now belongs to the old one
      this.socket.close();
      clearTimeout(this.timer);
      this.connect();
    }

    connect() {
      const address = server.replace(/^http/, "ws") +
        `/ws?conversation=${encodeURIComponent(this.conversation)}&last_seq=${this.lastSeq}`;
      const socket = (this.socket = new WebSocket(address));
      let opened = false;
      socket.onopen = () => {
        opened = true;
        this.pause = 500;
        this.refused = false;
        this.onState(true);
        for (const frame of this.waiting.values()) socket.send(JSON.stringify(frame));
      };
      socket.onmessage = (event) => this.take(JSON.parse(event.data));
      socket.onclose = async ({ code }) => {
        if (code === TOO_BIG) this.waiting.clear(); // sent again it would close the next one too
        this.timer = setTimeout(() => this.connect(), this.pause);
        this.pause = Math.min(this.pause * 2, 15000);
        this.onState(false, this.refused);
        if (opened) return;
        this.refused = await this.isRefused();
        if (socket === this.socket) this.onState(false, this.refused);
      };
    }

    /** A browser tells no page why its websocket was refused; a plain request may. */
    async isRefused() {
      const address = `${server}/healthz`;
      try { await fetch(address, { mode: "no-cors" }); } catch { return false; } // it is away
      try { return (await fetch(address)).status === 403; } catch { return true; }
    }

    take(frame) {
      if (frame.type === "ack" || frame.type === "error") this.waiting.delete(frame.id);
      if (frame.type === "reply") {
        if (frame.seq <= this.lastSeq) return; // shown already
        this.lastSeq = frame.seq;
      }
      this.onFrame(frame);
    }

    send(text) {
      const frame = { type: "message", id: uuid(), text };
      this.waiting.set(frame.id, frame);
      if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
    }

    stop() {
      if (this.socket?.readyState === WebSocket.OPEN) this.socket.send('{"type":"stop"}');
    }
  }

  /** What a visitor sees; text enters the page as text, never as markup. */
  class ChatBox {
    constructor() {
      this.host = document.createElement("div");
      const root = this.host.attachShadow({ mode: "open" });
      root.append(make("link", { rel: "stylesheet", href: `${server}/widget.css` }));
      this.launcher = make("button", { className: "launcher", ariaLabel: words.open }, "💬");
      this.list = make("div", { className: "list", role: "log", ariaLive: "polite" });
      this.note = make("div", { className: "note" }, words.away);
      this.field = make("textarea", {
        rows: 1, placeholder: words.write, ariaLabel: words.write });
      this.button = make("button", { type: "submit", className: "send" }, words.send);
      this.form = make("form", {}, this.field, this.button);
      const fresh = make("button", { className: "small", title: words.fresh, ariaLabel: words.fresh }, "↺");
      const close = make("button", { className: "small", title: words.close, ariaLabel: words.close }, "✕");
      const head = make("header", {}, make("b", {}, script.dataset.title || words.title), fresh, close);
      this.panel = make("section", { className: "panel", hidden: true, ariaLabel: words.title },
        head, this.list, this.note, this.form);
      if (/^#[0-9a-f]{3,8}$/i.test(script.dataset.color || ""))
        this.host.style.setProperty("--trilogue", script.dataset.color);
      root.append(this.panel, this.launcher);
      document.body.append(this.host);

      this.connection = new Connection(
        (frame) => this.show(frame), (on, refused) => this.state(on, refused));
      for (const { who, text } of this.connection.lines) this.bubble(who, text);
      this.launcher.onclick = () => this.open(true);
      close.onclick = () => this.open(false);
      fresh.onclick = () => {
        this.writing(false);
        this.list.replaceChildren();
        this.connection.startAnew();
      };
      this.form.onsubmit = (event) => {
        event.preventDefault();
        if (this.busy) this.connection.stop();
        else this.typed();
      };
      this.field.onkeydown = (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          this.typed();
        }
      };
      this.panel.onkeydown = (event) => { if (event.key === "Escape") this.open(false); };
      if ("open" in script.dataset) this.open(true);
    }

    open(on) {
      this.panel.hidden = !on;
      this.launcher.hidden = on;
      if (on && !this.connection.socket) this.connection.connect();
      (on ? this.field : this.launcher).focus();
    }

    /** A turn that was running may have ended unseen: the server tells of those that still run. */
    state(connected, refused) {
      this.writing(false);
      if (refused) this.note.textContent = `${words.refused} trilogue run --cors ${location.origin}`;
      else if (!connected) this.note.textContent = words.away;
    }

    typed() {
      const text = this.field.value.trim();
      if (text.length > LONGEST) {
        this.bubble("fault", `${words.long} ${text.length} > ${LONGEST}`);
        return;
      }
      this.field.value = "";
      if (text) this.submit(text, text);
    }

    submit(text, shown) {
      this.bubble("user", shown);
      this.connection.keep({ who: "user", text: shown });
      this.connection.send(text);
    }

    show(frame) {
      if (frame.type === "typing") this.writing(frame.on);
      else if (frame.type === "token") this.stream(frame);
      else if (frame.type === "reply") this.reply(frame);
      else if (frame.type === "error") this.bubble("fault", frame.message);
    }

    writing(on) {
      this.busy = on;
      this.button.textContent = on ? words.stop : words.send;
      this.note.textContent = on ? `${script.dataset.title || "Bot"} ${words.typing}` : "";
      if (!on && this.draft) { this.draft.remove(); this.draft = null; }
    }

    stream({ text, at }) {
      this.draft = this.draft || this.bubble("bot", "");
      this.draft.textContent = this.draft.textContent.slice(0, at) + text;
      this.down();
    }

    reply(frame) {
      if (this.draft) { this.draft.remove(); this.draft = null; }
      if (frame.text) this.bubble("bot", frame.text, frame.source);
      this.connection.keep({ who: "bot", text: frame.text });
      if (/^https?:\/\//.test(frame.image || "")) {
        this.list.append(make("img", { src: frame.image, alt: "", className: "picture" }));
      }
      if (frame.buttons?.length) this.choices(frame.buttons);
      this.down();
    }

    choices(buttons) {
      const row = make("div", { className: "choices" });
      for (const { title, payload } of buttons) {
        const button = make("button", { type: "button" }, title);
        button.onclick = () => { row.remove(); this.submit(payload, title); };
        row.append(button);
      }
      this.list.append(row);
    }

    bubble(who, text, source = "") {
      const bubble = make("div", { className: `bubble ${who}`, title: source }, text);
      bubble.dir = "auto";
      this.list.append(bubble);
      this.down();
      return bubble;
    }

    down() {
      this.list.scrollTop = this.list.scrollHeight;
    }
  }

  function make(name, settings, ...children) {
    const element = Object.assign(document.createElement(name), settings);
    element.append(...children);
    return element;
  }

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID(); // only there on https and localhost
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  }

  function write(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private window */ }
  }

  const start = () => new ChatBox();
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
