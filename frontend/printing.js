/* Prints one element, whatever is around it on the page. */

const ALONE = `@media print {
  body *:not(.community-safety-printed, :has(.community-safety-printed)) { display: none !important; }
}`;

export function printOnly(element) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(ALONE);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  element.classList.add("community-safety-printed");
  addEventListener("afterprint", () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    element.classList.remove("community-safety-printed");
  }, { once: true });
  print();
}
