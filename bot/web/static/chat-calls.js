/* Calls, one at a time in the order sent. Each has a line of its own, where a failure is told and can be tried again. */

const SLOW = 4000; // milliseconds; then waiting is announced too
const CANNOT_BE_RETRIED = [400, 413, 422];

export function makeCalls(ui, log, box) {
  const waiting = new Set(); // lines whose call is under way
  let queue = Promise.resolve();
  let slow;

  /** Put `line` at the end and do `work`; `failed` hears when it did not work. */
  function attempt(line, work, failed = () => {}) {
    log.clearProblem(line);
    log.list.append(line);
    wait(() => waiting.add(line));
    queue = queue.then(async () => {
      if (!line.isConnected) return; // started again meanwhile
      const failure = await work(line).then(() => null, (error) => error);
      wait(() => waiting.delete(line));
      if (!failure || !line.isConnected) return;
      tellFailure(line, failure, () => attempt(line, work, failed));
      failed();
    });
  }

  function tellFailure(line, { status, texts = [], seconds }, again) {
    const text = texts.join("\n\n") || ui.word("offline");
    const told = seconds > 0 ? `${text}\n\n${ui.word("wait", { n: seconds })}` : text;
    log.showProblem(line, told, CANNOT_BE_RETRIED.includes(status) ? null : (event) => {
      again();
      box.focus(event);
    });
  }

  function wait(change) {
    change();
    ui.at("waiting").hidden = waiting.size === 0;
    clearTimeout(slow);
    if (waiting.size) slow = setTimeout(() => ui.announce(ui.at("waiting").textContent), SLOW);
  }

  function clear() {
    wait(() => waiting.clear());
    queue = Promise.resolve();
  }

  return { attempt, clear, settled: () => queue, areWaiting: () => waiting.size > 0 };
}
