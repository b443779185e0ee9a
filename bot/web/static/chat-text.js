/* Turns a message's plain text into elements: paragraphs, lists and links. Never innerHTML. */

const WEB = /\bhttps?:\/\/[^\s<>]+|\bwww\.[^\s<>]+/;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const UK_PHONE = /(?:\+44 ?\d|\b0\d)(?:[ -]?\d){8,9}\b/;
const PART_OF_MORE = /[\w/.+-]$/; // before a number: then it is a reference, a date, a house
const AFTER = /^(?:[\w/-]|\.\d)/;
const A_NAME = /^ [A-Z]/; // "101 High Street"

const byLength = (a, b) => b.length - a.length;

/** A function that makes a fragment of a text; `phones` are the numbers of the register. */
export function writer(phones) {
  const known = phones.filter((phone) => phone.length > 2).sort(byLength); // 55 is pressed, not called
  const pattern = [WEB, EMAIL, ...known.map((phone) => new RegExp(`\\b${phone}\\b`)), UK_PHONE];
  const links = new RegExp(pattern.map((one) => one.source).join("|"), "g");

  return function rich(text) {
    const made = new DocumentFragment();
    for (const block of text.split(/\n\s*\n/)) {
      for (const lines of runs(block.split("\n").filter((line) => line.trim()))) made.append(element(lines));
    }
    return made;
  };

  function element(lines) {
    const isList = isBullet(lines[0]);
    const parent = document.createElement(isList ? "ul" : "p");
    lines.forEach((line, n) => {
      const holder = isList ? parent.appendChild(document.createElement("li")) : parent;
      if (n && !isList) holder.append(document.createElement("br"));
      holder.append(...linked(isList ? line.trim().slice(1).trim() : line));
    });
    return parent;
  }

  function linked(line) {
    const parts = [];
    let done = 0;
    for (const match of line.matchAll(links)) {
      const found = match[0].replace(match[0].includes("(") ? /[.,;:!?'"]+$/ : /[.,;:!?'")]+$/, "");
      const end = match.index + found.length;
      const href = address(found, line.slice(0, match.index), line.slice(end));
      if (!href) continue;
      parts.push(line.slice(done, match.index), link(found, href));
      done = end;
    }
    return [...parts, line.slice(done)];
  }
}

export function link(text, href) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}

/** "2019-06-27" as "27 June 2019". */
export function longDate(day) {
  const date = new Date(`${day}T00:00:00Z`);
  const style = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return Number.isNaN(date.getTime()) ? day : date.toLocaleDateString("en-GB", style);
}

const isBullet = (line) => line.trim().startsWith("•");

function runs(lines) {
  const made = [];
  lines.forEach((line, n) => {
    if (n && isBullet(line) === isBullet(lines[n - 1])) made[made.length - 1].push(line);
    else made.push([line]);
  });
  return made;
}

function address(found, before, after) {
  if (/^https?:/.test(found)) return found;
  if (found.startsWith("www.")) return `https://${found}`;
  if (found.includes("@")) return `mailto:${found}`;
  const isShort = found.length < 4;
  if (PART_OF_MORE.test(before) || AFTER.test(after) || (isShort && A_NAME.test(after))) return null;
  return `tel:${found.replace(/[^\d+]/g, "")}`;
}
