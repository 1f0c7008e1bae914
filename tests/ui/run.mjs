// node run.mjs URL: the tests of the UI in a browser, against the made-up building that is served there.

import { auditAll } from "./audit.mjs";
import { open } from "./browser.mjs";
import { paths } from "./paths.mjs";

const [base] = process.argv.slice(2);
const browser = await open();
let failed = 0;
for (const [name, walk] of Object.entries(paths)) {
  try {
    await walk(browser, base);
    console.log(`path ${name} ... ok`);
  } catch (problem) {
    failed += 1;
    console.log(`path ${name} ... FAILED\n${problem.stack}`);
  }
}
const found = await auditAll(browser, base);
for (const line of found) console.log(line);
console.log(`audit ... ${found.length === 0 ? "ok" : `FAILED: ${found.length} findings`}`);
await browser.close();
process.exit(failed + found.length === 0 ? 0 : 1);
