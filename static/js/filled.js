/** A sentence of the page with values in its places: filled("Page {n}", { n: 3 }) is "Page 3".
 *
 * The sentences come from the page, in its language: scripts hold none.
 */
export const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
