// node run.mjs URL: the tests of the UI in a browser, against the made-up building that is served there.

import { auditAll } from "./audit.mjs";
import { open } from "./browser.mjs";
import { paths } from "./paths.mjs";
import { seam } from "./seam.mjs";

const [base] = process.argv.slice(2);
const browser = await open();
let failed = 0;
const note = (what, problems) => {
  failed += problems.length;
  console.log(`${what} ... ${problems.length === 0 ? "ok" : `FAILED\n${problems.join("\n")}`}`);
};
note("seam", await seam(browser, base));
for (const [name, walk] of Object.entries(paths)) {
  const problem = await walk(browser, base).catch((problem) => problem.stack);
  note(`path ${name}`, problem ? [problem] : []);
}
note("audit", await auditAll(browser, base));
await browser.close();
process.exit(failed === 0 ? 0 : 1);
