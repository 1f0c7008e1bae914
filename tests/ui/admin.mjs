// The administrators' pages of a site server that runs: nothing for axe-core to find, nothing to scroll sideways, in
// each theme and width, and everything within reach of the keyboard.

import { audit, everything, open, sideways } from "./browser.mjs";
import { widths } from "./pages.mjs";

const [base, email, password] = process.argv.slice(2);
const names = ["sites", "apartments", "users", "devices", "groups", "visitors", "log", "contacts", "tickets", "import", "licences"];
const browser = await open();
const found = [];
for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({ colorScheme });
  const page = await context.newPage();
  page.on("pageerror", (error) => found.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") found.push(message.text());
  });
  const look = async (name) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      for (const line of [...(await sideways(page)), ...(await audit(page, everything))]) {
        found.push(`${name} ${colorScheme} ${width}: ${line}`);
      }
    }
  };
  await page.goto(`${base}/admin/`);
  await look("sign in");
  // By keyboard alone, as somebody does who has no mouse.
  await page.keyboard.press("Tab");
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/admin/sites");
  for (const name of names) {
    await page.goto(`${base}/admin/${name}`);
    await look(name);
    const first = page.locator("main li a, main td a").first();
    if (!(await first.count())) continue;
    await first.click();
    await page.locator("h1").waitFor();
    await look(`one of ${name}`);
    const calls = page.getByRole("link", { name: "Whom it rings" });
    if (!(await calls.count())) continue;
    await calls.click();
    await page.locator("textarea").first().waitFor();
    await look("call settings");
  }
  await page.goto(`${base}/admin/users`);
  await page.locator("main td a").first().click();
  await page.getByRole("button", { name: "Make a link" }).click();
  await page.locator("svg.qr").waitFor();
  await look("link");
  await context.close();
}
await browser.close();
for (const line of new Set(found)) console.error(line);
console.log(`administrators' pages: ${new Set(found).size} problems`);
process.exitCode = found.length ? 1 : 0;
