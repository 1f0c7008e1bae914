// Every page, in each theme, width and kind of language: nothing for axe-core to find, nothing to scroll sideways,
// nothing on the console.

import { audit, settle, sideways, visit } from "./browser.mjs";
import { languages, pages, themes, widths } from "./pages.mjs";

/** Pages that are looked at by the same time: one a core. */
const AT_ONCE = 2;

/** @returns what was found, one line each */
export async function auditAll(browser, base) {
  const found = new Map();
  const note = (line, where) => found.set(line, [...(found.get(line) ?? []), where]);
  // What is out of sight keeps its old colours when the theme changes under it: each theme begins anew.
  const todo = pages.flatMap((place) =>
    languages.flatMap((language) => themes.map((theme) => ({ ...place, language, theme }))),
  );
  const work = async () => {
    for (let place = todo.shift(); place; place = todo.shift()) {
      const page = await visit(browser, base, place);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        await settle(page);
        const where = `${place.name} ${place.language} ${place.theme} ${width}`;
        for (const line of [...(await sideways(page)), ...(await audit(page))]) note(line, where);
      }
      for (const problem of page.problems) note(problem, `${place.name} ${place.language}`);
      await page.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return [...found].map(([line, where]) => `${line}\n    on ${where.slice(0, 4).join("; ")}${where.length > 4 ? ` and ${where.length - 4} more` : ""}`);
}
