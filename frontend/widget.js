/* <script src="https://.../widget.js" async></script> on another site's page: the chat in a panel of its own (docs/embedding.md). */

import { loadParts } from "./parts.js";
import { makePanel } from "./panel.js";
import { printOnly } from "./printing.js";

const TAG = "community-safety-chat";
const script = document.currentScript;
const server = new URL(".", script.src).href.replace(/\/$/, "");

class CommunitySafetyChat extends HTMLElement {
  #panel;
  #isLoading = false;

  /** Until its parts are here, what the page wrote inside the element stays in sight. */
  async connectedCallback() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      const parts = await loadParts(server);
      const root = this.attachShadow({ mode: "open" });
      parts.fill(root);
      this.#panel = makePanel(root, server);
      this.dispatchEvent(new Event("ready"));
    } catch {
      this.#isLoading = false; // the page's own words stay; it can be tried again
    }
  }

  /** Open the panel, as its button does. */
  open() {
    this.#panel?.open();
  }

  close() {
    this.#panel?.close();
  }

  /** Print the conversation, without the page around it. */
  print() {
    printOnly(this);
  }
}

function addOne() {
  if (!document.querySelector(TAG)) document.body.append(document.createElement(TAG));
}

if (!customElements.get(TAG)) customElements.define(TAG, CommunitySafetyChat);
if (script.dataset.place !== "by-hand") {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", addOne);
  else addOne();
}
