/** What tests look for in a page: its figures, and the tables in them. */

/** The HTML of each figure. */
export function figuresIn(page: string): string[] {
  return [...page.matchAll(/<figure>.*?<\/figure>/gs)].map(([html]) => html);
}

/** The cells of the first table after `start`, row by row, heads first, as text. */
export function tableAfter(page: string, start: string): string[][] {
  const from = page.indexOf(start);
  const [html] = /<table>.*?<\/table>/s.exec(page.slice(from)) ?? [""];
  if (from < 0 || html === "") throw new Error(`no table after ${start}`);
  return [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => textOf(cell)),
  );
}

/** As it is read: parts apart by a bar, entities as the letters that they are. */
function textOf(html: string): string {
  return html
    .replace(/<small>/g, " | ")
    .replace(/<[^>]+>/g, "")
    .replace(/\u00a0/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
}
