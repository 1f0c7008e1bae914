// node shots.mjs URL FOLDER: a picture of every page, to be looked at.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { open, settle, visit } from "./browser.mjs";
import { pages, themes, widths } from "./pages.mjs";

const [base, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await open();
for (const place of pages) {
  for (const width of widths) {
    const page = await visit(browser, base, { ...place, width, height: width < 720 ? 740 : 800 });
    for (const theme of themes) {
      await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
      await settle(page);
      await page.screenshot({ path: join(folder, `${place.name}-${width}-${theme}.png`) });
    }
    await page.close();
  }
}
// The languages that turn the page around or make it longer, where there is the least room.
for (const place of pages) {
  for (const language of ["ar", "pseudo"]) {
    const page = await visit(browser, base, { ...place, language, width: 360, height: 740 });
    await settle(page);
    await page.screenshot({ path: join(folder, `${place.name}-360-${language}.png`) });
    await page.close();
  }
}
await browser.close();
