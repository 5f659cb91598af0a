// Small comforts on top of pages that work without script: focus and a spoken line after a part of the page
// changed, copy buttons, and dialogs where the browser knows no commands.

const status = document.getElementById("status");

function say(text) {
  if (!status || !text) return;
  status.textContent = "";
  setTimeout(() => { status.textContent = text; }, 60);
}

function settle(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.classList.add("ready");
  const focus = root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]");
  focus?.focus();
}

// A message in a status region that was there from the start is not read out: say it once more.
say(document.querySelector("[data-announce]")?.textContent.trim());
settle(document);

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx?.target;
  const root = target?.isConnected ? target : document;
  settle(root);
  say(root.querySelector("[data-say]")?.dataset.say);
});

for (const failure of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(failure, (event) => {
    if (event.detail.ctx?.response?.status !== 422) say(status?.dataset.failed);
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  say(button.dataset.copied);
  setTimeout(() => { label.textContent = before; }, 4000);
});

if (!("command" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    if (button.getAttribute("command") === "close") dialog.close();
  });
}
