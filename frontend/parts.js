/* Fetches the widget's markup and style. Style goes in as a constructed sheet, which a strict policy of the host page lets through. */

const REM = /(-?[\d.]+)rem\b/g;

/** Rejects before anything is shown when it cannot work here. */
export async function loadParts(server) {
  const sheet = new CSSStyleSheet();
  const [markup, style] = await Promise.all([text(`${server}/widget/parts`), text(`${server}/static/chat.css`)]);

  function fill(root) {
    root.adoptedStyleSheets = [sheetFor(root, sheet, style)];
    const parsed = new DOMParser().parseFromString(trusted(markup), "text/html");
    const templates = [...parsed.querySelectorAll("template")].map((one) => one.content);
    for (const part of [parsed, ...templates]) {
      for (const link of part.querySelectorAll('a[href^="/"]')) link.setAttribute("href", server + link.getAttribute("href"));
    }
    root.append(...parsed.body.childNodes);
  }

  return { fill };
}

async function text(url) {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  return reply.text();
}

/** Host pages set the root's size as they like, so the reader's own size stands in for rem. */
function sheetFor(root, sheet, style) {
  sheet.replaceSync(":host { font-size: medium; }");
  root.adoptedStyleSheets = [sheet];
  const size = parseFloat(getComputedStyle(root.host).fontSize) || 16;
  sheet.replaceSync(style.replace(REM, (_, n) => `${n * size}px`));
  return sheet;
}

/** For host pages with require-trusted-types-for: the markup comes from our own server only. */
function trusted(markup) {
  const policy = window.trustedTypes?.createPolicy("community-safety-chat", { createHTML: (html) => html });
  return policy ? policy.createHTML(markup) : markup;
}
