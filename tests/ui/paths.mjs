// What residents do, by keyboard alone.

import assert from "node:assert/strict";
import { named, settle, tabTo, visit } from "./browser.mjs";

/** Enter answers what rings, 1 opens the first door; Escape would not hang up. */
async function answerAndOpen(browser, base) {
  const page = await visit(browser, base, { hash: "#/call", fake: "ringing" });
  await page.locator(`${named("call")}[data-phase="incoming"]`).waitFor();
  assert.ok(await page.evaluate((answer) => document.activeElement?.matches(answer), named("answer")), "Answer has the focus");
  await page.keyboard.press("Enter");
  await page.locator(`${named("call")}[data-phase="active"]`).waitFor();
  await page.keyboard.press("1");
  await page.locator(named("verdict")).filter({ hasText: /./ }).first().waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(named("call")).getAttribute("data-phase"), "active");
  await tabTo(page, named("hang-up"));
  await page.keyboard.press("Enter");
  await page.locator(named("ended")).waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
}

/** From Home to the missed call and what is known of it. */
async function findMissedCall(browser, base) {
  const page = await visit(browser, base, { hash: "#/home", width: 360 });
  await tabTo(page, '.nav-item[href="#/history"]');
  await page.keyboard.press("Enter");
  await page.locator("[data-call]").first().waitFor();
  const row = page.locator("[data-call]").filter({ hasText: "Missed" }).first();
  const id = await row.getAttribute("data-call");
  await tabTo(page, `[data-call="${id}"]`);
  await page.keyboard.press("Enter");
  await page.waitForFunction((call) => location.hash === `#/history/${call}`, id);
  await settle(page);
  assert.match(await page.locator("main").innerText(), /Nobody answered/);
  assert.deepEqual(page.problems, []);
  await page.close();
}

export const paths = { answerAndOpen, findMissedCall };
