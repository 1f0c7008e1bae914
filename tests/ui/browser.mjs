// The browser that the tests drive, and what they do with a page over and over.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Debian's Chromium; the other switches keep it from calling out. */
export function open() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page of the app, drawn, in a window of its own. `problems` is what its console says that should not be there. */
export async function visit(browser, base, place) {
  return go(await blank(browser), base, place);
}

/** An empty window. */
async function blank(browser) {
  const page = await browser.newPage({ reducedMotion: "reduce" });
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.problems.push(message.text());
  });
  return page;
}

/** Goes to a page of the app, and waits until it is drawn. */
async function go(page, base, { hash, fake, theme = "light", language = "en", width = 1280, height = 800 }) {
  const query = new URLSearchParams({ theme, lang: language });
  if (fake) query.set("fake", fake);
  await page.setViewportSize({ width, height });
  await page.goto(`${base}/index.html?${query}${hash}`);
  await page.locator("h1").first().waitFor({ state: "attached" });
  await page.waitForFunction(() => document.fonts.status === "loaded");
  // Some states never end: they are looked at as they are.
  await page.locator(".skeleton, .spinner").first().waitFor({ state: "detached", timeout: 1000 }).catch(() => {});
  await settle(page);
  return page;
}

/** Waits until everything is drawn as it is now. */
export async function settle(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** What axe-core looks for: WCAG 2.2 AA and what else it thinks well of. */
export const everything = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
export const contrast = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** What axe-core finds on the page as it is, one line each. */
export async function audit(page, runOnly) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (runOnly) => axe.run(document, { runOnly, resultTypes: ["violations"] }),
    runOnly,
  );
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`));
}

/** What is wider than the window, one line each; nothing may be scrolled sideways. */
export function sideways(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.right > room + 1 || box.left < -1);
    });
    return wide.slice(-3).map((element) => `wider than the window: ${element.outerHTML.slice(0, 160)}`);
  });
}

/** Goes on with Tab until the focus is there, as somebody without a mouse does. */
export async function tabTo(page, selector, most = 60) {
  for (let step = 0; step < most; step += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} is not reached by Tab`);
}

/** `[data-testid="name"]` */
export const named = (name) => `[data-testid="${name}"]`;

/**
 * Goes to all of these pages of the app, as many at a time as there are cores. Each window begins every page anew, with
 * nothing kept from the one before, and is far quicker at it than a new window.
 */
export async function visitAll(browser, base, places, look) {
  const rest = [...places];
  const worker = async () => {
    const page = await blank(browser);
    await page.addInitScript(() => location.protocol === "http:" && localStorage.clear());
    for (let place = rest.shift(); place; place = rest.shift()) {
      page.problems.length = 0;
      // The same address again would only move within the page.
      await page.goto("about:blank");
      await look(await go(page, base, place), place);
    }
    await page.close();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
