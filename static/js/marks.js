/** Marked words: a text and where its terms stand, as nodes. Words only ever go in as text.
 *
 *   element.replaceChildren(...marked("Peer support", [[0, 12, "include"]]));
 *
 * The places come from the server (decisions/highlights/rules.py), counted as JavaScript counts. Solid underline:
 * include; dashed: exclude. Whether marks show is a class on the body, so switching them repaints nothing.
 */
const CLASS = { include: "hi-i", exclude: "hi-x" };

export function marked(text, places = []) {
  const nodes = [];
  let at = 0;
  for (const [start, end, kind] of places) {
    if (start > at) nodes.push(text.slice(at, start));
    const mark = document.createElement("mark");
    mark.className = CLASS[kind];
    mark.textContent = text.slice(start, end);
    nodes.push(mark);
    at = end;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

/** How often a report holds terms of each kind. */
export function countMarks(report) {
  const count = { include: 0, exclude: 0 };
  for (const places of [report?.marks?.title ?? [], ...(report?.marks?.abstract ?? [])]) {
    for (const [, , kind] of places) count[kind] += 1;
  }
  return count;
}
