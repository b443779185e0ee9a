/* What the chat needs of leaving in a hurry, in the widget too. */

export { leave, listenForShift } from "./leave.js";
