() => {
  const narrow = window.matchMedia("(max-width: 860px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const glide = () => (calm.matches ? "auto" : "smooth");
  const make = (tag, attributes = {}, text = "") => {
    const element = Object.assign(document.createElement(tag), attributes);
    if (text) element.textContent = text;
    return element;
  };

  // The panel in which a clause opens beside the text, so that the reader keeps the place.
  const panel = make("aside", { id: "cw-panel", hidden: true, tabIndex: -1 });
  panel.setAttribute("aria-labelledby", "cw-panel-title");
  const title = make("h2", { id: "cw-panel-title" });
  const close = make("button", { type: "button", className: "cw-close" }, "Close");
  const head = make("div", { className: "cw-panel-head" });
  const content = make("div", { className: "cw-panel-body" });
  head.append(title, close);
  panel.append(head, content);
  (document.querySelector(".gradio-container") || document.body).append(panel);
  let opener = null;

  const closePanel = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    document.body.classList.remove("cw-panel-open");
    document.querySelectorAll(".cw-mark[aria-expanded=true]").forEach((mark) => mark.setAttribute("aria-expanded", "false"));
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  };

  const openPanel = (mark, entry) => {
    const before = mark.getBoundingClientRect().top;
    document.querySelectorAll(".cw-mark[aria-expanded=true]").forEach((other) => other.setAttribute("aria-expanded", "false"));
    mark.setAttribute("aria-expanded", "true");
    opener = mark;
    title.replaceChildren(make("span", { className: "cw-number" }, mark.textContent), ` ${entry.querySelector(".cw-label").textContent}`);
    content.replaceChildren(...[...entry.querySelector(".cw-clause").childNodes].map((node) => node.cloneNode(true)));
    panel.hidden = false;
    document.body.classList.add("cw-panel-open");
    content.scrollTop = 0;
    const after = mark.getBoundingClientRect().top;
    const visible = narrow.matches ? window.innerHeight * 0.3 : window.innerHeight - 160;
    window.scrollBy(0, after > visible && narrow.matches ? after - 90 : after - before);
    const highlight = content.querySelector("mark");
    if (highlight) highlight.scrollIntoView({ block: "nearest" });
    panel.focus({ preventScroll: true });
  };

  close.addEventListener("click", closePanel);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closePanel();
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest && event.target.closest("a.cw-mark");
    if (!mark) return;
    event.preventDefault();
    const entry = document.getElementById(mark.getAttribute("href").slice(1));
    if (!entry) return;
    if (opener === mark && !panel.hidden) closePanel();
    else openPanel(mark, entry);
  });

  // On a narrow screen the case is folded away behind one button.
  const caseBox = document.getElementById("cw-case");
  const frame = document.getElementById("cw-frame");
  if (caseBox && frame) {
    const toggle = make("button", { type: "button", id: "cw-case-toggle" }, "Your case");
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-controls", "cw-case");
    toggle.addEventListener("click", () => {
      const open = document.body.classList.toggle("cw-case-open");
      toggle.setAttribute("aria-expanded", String(open));
    });
    frame.before(toggle);
  }

  // The choices of one question are separate fields to the browser: name the group, and let the arrow keys move within it.
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  document.querySelectorAll("#cw-case fieldset").forEach((group) => {
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", group.querySelector("[data-testid=block-info]").textContent.trim());
    group.addEventListener("keydown", (event) => {
      const choices = [...group.querySelectorAll("input[type=radio]")];
      const at = choices.indexOf(event.target);
      if (at < 0 || !(event.key in steps)) return;
      event.preventDefault();
      const next = choices[(at + steps[event.key] + choices.length) % choices.length];
      next.focus();
      next.click();
    });
  });

  // The label of the question also encloses its button, which is no part of its name.
  const question = document.querySelector("#cw-question textarea");
  if (question) question.setAttribute("aria-label", "Your question");

  const day = document.querySelector("#cw-as-of input, #cw-as-of textarea");
  if (day && day.tagName === "INPUT") day.type = "date";

  // What the chat's own markup lacks: names for the marks, no raw markup read aloud, a way to copy an answer.
  const finish = (root) => {
    root.querySelectorAll("#cw-chat [data-testid=bot][aria-label], #cw-chat [data-testid=user][aria-label]").forEach((message) => {
      message.removeAttribute("aria-label");
    });
    root.querySelectorAll("#cw-chat .examples[role=list]").forEach((examples) => {
      examples.setAttribute("role", "group");
      examples.setAttribute("aria-label", "Example questions");
    });
    root.querySelectorAll("a.cw-mark:not([aria-label])").forEach((mark) => {
      mark.setAttribute("aria-label", `Clause ${mark.textContent}: ${mark.title}`);
      mark.setAttribute("aria-expanded", "false");
    });
    root.querySelectorAll(".cw-answer:not(.cw-ready)").forEach((answer) => {
      answer.classList.add("cw-ready");
      const copy = make("button", { type: "button", className: "cw-copy" }, "Copy answer");
      copy.addEventListener("click", async () => {
        const lines = [...answer.querySelectorAll(".cw-badges, .cw-body, .cw-clauses summary")].map((part) => part.innerText.trim());
        await navigator.clipboard.writeText(lines.join("\n\n"));
        copy.textContent = "Copied";
        window.setTimeout(() => (copy.textContent = "Copy answer"), 2000);
      });
      answer.append(copy);
    });
  };

  // A new question goes to the top of the window, and again when its answer is there, so that it is read from its first line.
  let shown = 0;
  const follow = () => {
    const asked = document.querySelectorAll("#cw-chat .cw-question");
    const now = asked.length + document.querySelectorAll("#cw-chat .cw-answer, #cw-chat .cw-note").length;
    if (now > shown) asked[asked.length - 1].scrollIntoView({ behavior: glide(), block: "start" });
    if (now < shown && !asked.length) closePanel();
    shown = now;
  };
  new MutationObserver(() => {
    finish(document);
    follow();
  }).observe(document.body, { childList: true, subtree: true });
  finish(document);
}
