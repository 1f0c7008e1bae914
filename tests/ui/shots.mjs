// node shots.mjs URL FOLDER: a picture of every page, to be looked at.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { atOnce, open, visit } from "./browser.mjs";
import { pages, themes, widths } from "./pages.mjs";

const [base, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await open();

// The languages that turn the page around or make it longer are looked at where there is the least room.
const todo = pages.flatMap((place) => [
  ...widths.flatMap((width) => themes.map((theme) => ({ ...place, width, theme, as: theme }))),
  ...["ar", "pseudo"].map((language) => ({ ...place, width: Math.min(...widths), language, as: language })),
]);
await atOnce(todo, async (place) => {
  const page = await visit(browser, base, { ...place, height: place.width < 720 ? 740 : 800 });
  await page.screenshot({ path: join(folder, `${place.name}-${place.width}-${place.as}.png`) });
  await page.close();
});
await browser.close();
