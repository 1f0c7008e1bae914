// node measure.mjs URL: what a resident feels of the UI, in milliseconds, as one JSON object on the last line.
//
// interactive: from the last byte of the wasm to the first page on the screen, which is when its buttons work.
// input: from a key to what it changed on the screen (Event Timing: in steps of 8 ms).
// frame: from one frame to the next while 100,000 rows are scrolled.

import { open, settle, visit } from "./browser.mjs";

const STARTS = 15;
const KEYS = 40;
const [base] = process.argv.slice(2);
const browser = await open();

/** One start of the app. The browser keeps nothing from the one before. */
async function start() {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  await context.addInitScript(() => {
    const drawn = new MutationObserver(() => {
      if (!document.querySelector("main h1")) return;
      drawn.disconnect();
      requestAnimationFrame(() => setTimeout(() => (window.drawnAt = performance.now())));
    });
    drawn.observe(document, { childList: true, subtree: true });
  });
  const page = await context.newPage();
  await page.goto(`${base}/index.html#/home`);
  await page.waitForFunction(() => window.drawnAt);
  const time = await page.evaluate(() => {
    const wasm = performance.getEntriesByType("resource").find((file) => file.name.endsWith(".wasm"));
    return window.drawnAt - wasm.responseEnd;
  });
  await context.close();
  return time;
}

/** How long each key takes to be seen. */
async function keys(page, press) {
  await page.evaluate(() => {
    window.times = [];
    const seen = (list) => {
      for (const entry of list.getEntries()) if (entry.name === "keydown") window.times.push(entry.duration);
    };
    new PerformanceObserver(seen).observe({ type: "event", durationThreshold: 16 });
  });
  for (let n = 0; n < KEYS; n += 1) {
    await press(n);
    await page.waitForTimeout(60);
  }
  const slow = await page.evaluate(() => window.times);
  // What takes less than 16 ms is not told.
  return [...slow, ...Array(Math.max(0, KEYS - slow.length)).fill(8)];
}

async function walk(hash, fake, row) {
  const page = await visit(browser, base, { hash, fake });
  await page.locator(row).first().focus();
  await settle(page);
  const times = await keys(page, () => page.keyboard.press("ArrowDown"));
  await page.close();
  return times;
}

async function search(hash, fake, field) {
  const page = await visit(browser, base, { hash, fake });
  await page.locator(field).focus();
  await settle(page);
  const times = await keys(page, (n) => page.keyboard.press(n % 8 < 4 ? "guest"[n % 4] : "Backspace"));
  await page.close();
  return times;
}

/** A wheel that turns for three seconds. */
async function scroll() {
  const page = await visit(browser, base, { hash: "#/access", fake: "long-log" });
  await page.locator('[data-testid="access-row"]').first().hover();
  await settle(page);
  await page.evaluate(() => {
    window.frames = [];
    let last;
    const tick = (now) => {
      if (last) window.frames.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  for (let n = 0; n < 90; n += 1) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(33);
  }
  const times = await page.evaluate(() => window.frames);
  await page.close();
  return times;
}

const found = { interactive: [] };
for (let n = 0; n < STARTS; n += 1) found.interactive.push(await start());
found.input = [
  ...(await walk("#/history", undefined, "[data-call]")),
  ...(await walk("#/access", "long-log", '[data-testid="access-row"]')),
  ...(await walk("#/visitors", "crowd", '[data-testid="visitor-row"]')),
  ...(await search("#/visitors", "crowd", '[data-testid="search"]')),
];
found.frame = await scroll();
await browser.close();
console.log(JSON.stringify(found));
