// Every page, in each theme, width and kind of language: nothing for axe-core to find, nothing to scroll sideways, also
// with text of twice the size, and nothing on the console.

import { audit, contrast, everything, settle, sideways, visitAll } from "./browser.mjs";
import { languages, pages, themes, widths } from "./pages.mjs";

/** @returns what was found, one line each */
export async function auditAll(browser, base) {
  const found = new Map();
  const note = (line, where) => found.set(line, [...(found.get(line) ?? []), where]);
  // A theme that changes under a page leaves what is hidden at that width in the old colours: each begins anew.
  const todo = pages.flatMap((place) =>
    languages.flatMap((language) => themes.map((theme) => ({ ...place, language, theme }))),
  );
  await visitAll(browser, base, todo, async (page, place) => {
    // Only contrast depends on the theme.
    const rules = place.theme === themes[0] ? everything : contrast;
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      await settle(page);
      const where = `${place.name} ${place.language} ${place.theme} ${width}`;
      for (const line of [...(await sideways(page)), ...(await audit(page, rules))]) note(line, where);
    }
    if (place.theme === themes[0]) {
      await page.setViewportSize({ width: Math.min(...widths), height: 800 });
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      await settle(page);
      for (const line of await sideways(page)) note(line, `${place.name} ${place.language} with text of 200 %`);
    }
    for (const problem of page.problems) note(problem, `${place.name} ${place.language}`);
  });
  return [...found].map(([line, where]) => `${line}\n    on ${where.slice(0, 4).join("; ")}${where.length > 4 ? ` and ${where.length - 4} more` : ""}`);
}
