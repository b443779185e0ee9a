/* The chat on its own page. */

import { mount } from "./chat-mount.js";

mount(document, { scroller: document.scrollingElement }).start();
