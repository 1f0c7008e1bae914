// The made-up building, held against what the real core is held against.

import { readFileSync } from "node:fs";
import { visit } from "./browser.mjs";

const suite = readFileSync(new URL("seam.js", import.meta.url), "utf8");

/** @returns what is wrong, one line each */
export async function seam(browser, base) {
  const page = await visit(browser, base, { hash: "#/home" });
  const wrong = await page.evaluate(`(async () => {
    const send = (command, args) =>
      window.vestibule(command, JSON.stringify(args)).then(JSON.parse, (problem) => Promise.reject(JSON.parse(problem)));
    const suite = ${suite};
    return [...(await suite.main(send)), ...(await suite.call(send))];
  })()`);
  await page.close();
  return [...wrong, ...page.problems];
}
