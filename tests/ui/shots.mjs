// node shots.mjs URL FOLDER: a picture of every page, to be looked at.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { open, visitAll } from "./browser.mjs";
import { pages, themes, widths } from "./pages.mjs";

const [base, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await open();

// The languages that turn the page around or make it longer are looked at where there is the least room.
const narrow = { width: Math.min(...widths), height: 740 };
const wide = { width: Math.max(...widths), height: 800 };
const todo = pages.flatMap((place) => [
  ...[narrow, wide].flatMap((size) => themes.map((theme) => ({ ...place, ...size, theme, as: theme }))),
  ...["ar", "pseudo"].map((language) => ({ ...place, ...narrow, language, as: language })),
]);
await visitAll(browser, base, todo, async (page, place) => {
  await page.screenshot({ path: join(folder, `${place.name}-${place.width}-${place.as}.png`) });
});
await browser.close();
