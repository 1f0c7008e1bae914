// What residents do, by keyboard alone.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  await page.getByText("Nobody answered").waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
}

/** A delivery with its code, in the two presses that the presets are for, and its card as files and on the clipboard. */
async function makeAndShareVisitor(browser, base) {
  const page = await visit(browser, base, { hash: "#/visitors" });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.keyboard.press("n");
  await page.locator(named("visitor-form")).waitFor();
  await tabTo(page, named("make"));
  await page.keyboard.press("Enter");
  await page.locator(named("visitor-card")).waitFor();
  const pin = await page.locator(named("pin")).innerText();
  const digits = pin.replace(/\D/g, "");
  assert.equal(digits.length, 5);

  await tabTo(page, named("copy-pin"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(async (copied) => (await navigator.clipboard.readText()) === copied, digits);

  const png = await downloaded(page, named("save-png"));
  const token = scan(png);
  assert.match(token, /^V1-/);
  const pdf = await downloaded(page, named("save-pdf"));
  execFileSync("pdftoppm", ["-png", "-r", "150", "-singlefile", pdf, pdf]);
  assert.equal(scan(`${pdf}.png`), token);

  await page.keyboard.press("/");
  await page.keyboard.type("nobody of this name");
  await page.getByText("Nothing found").first().waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
}

/** Presses a button, and gives the file that comes of it. */
async function downloaded(page, button) {
  await tabTo(page, button);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  return download.path();
}

/** What a scanner reads in a picture. */
function scan(picture) {
  return execFileSync("zbarimg", ["--quiet", "--raw", picture], { encoding: "utf8" }).trim();
}

/** From Settings to a report that has a number. */
async function reportProblem(browser, base) {
  const page = await visit(browser, base, { hash: "#/settings", width: 360 });
  await tabTo(page, '.row[href="#/report"]');
  await page.keyboard.press("Enter");
  await page.locator(named("contact-row")).first().waitFor();
  await tabTo(page, named("support-start"));
  await page.keyboard.press("Enter");
  await tabTo(page, named("support-text"));
  await page.keyboard.type("The courtyard gate rings, but no picture comes.");
  await tabTo(page, named("support-next"));
  await page.keyboard.press("Enter");
  await tabTo(page, named("support-email"));
  await page.keyboard.type("flat12@example.org");
  await tabTo(page, `${named("support-diagnostics")} input`);
  await page.keyboard.press("Space");
  await page.locator(named("diagnostics")).waitFor();
  await tabTo(page, named("support-next"));
  await page.keyboard.press("Enter");
  // Everything that goes is shown before it does.
  await page.getByText("no picture comes").waitFor();
  await page.locator(named("diagnostics")).waitFor();
  await tabTo(page, named("support-send"));
  await page.keyboard.press("Enter");
  assert.match(await page.locator(named("ticket-number")).innerText(), /VS-\d+/);
  assert.deepEqual(page.problems, []);
  await page.close();
}

/** Somebody new in the household: added, signed in by a link that a phone can scan, and removed again. */
async function addToHousehold(browser, base) {
  const page = await visit(browser, base, { hash: "#/settings", width: 360 });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await tabTo(page, '.row[href="#/settings/household"]');
  await page.keyboard.press("Enter");
  await page.locator(named("member")).first().waitFor();
  const before = await page.locator(named("member")).count();
  await tabTo(page, named("add-member"));
  await page.keyboard.press("Enter");
  await tabTo(page, "#member-name");
  await page.keyboard.type("Guest");
  await tabTo(page, named("member-email"));
  // Somebody has this address already; what was typed stays.
  await page.keyboard.type("resident@example.org");
  await page.keyboard.press("Enter");
  await page.locator(`${named("member-email")}[aria-invalid="true"]`).waitFor();
  await page.locator(named("member-email")).fill("guest@example.org");
  await page.keyboard.press("Enter");
  await tabTo(page, named("make-link"));
  await page.keyboard.press("Enter");
  await page.locator(named("sign-in-link")).waitFor();
  const folder = mkdtempSync(join(tmpdir(), "link-"));
  const picture = join(folder, "link.png");
  // Away from the message that it was saved.
  await page.locator(named("qr")).evaluate((code) => code.scrollIntoView({ block: "center" }));
  await page.locator(named("qr")).screenshot({ path: picture });
  const link = scan(picture);
  rmSync(folder, { recursive: true });
  assert.match(link, /^vestibule:\/\/provision\?server=/);
  assert.ok(!(await page.content()).includes(link), "the link is in the picture alone");
  await tabTo(page, named("copy-link"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(async (copied) => (await navigator.clipboard.readText()) === copied, link);

  await tabTo(page, named("remove-member"));
  await page.keyboard.press("Enter");
  // The safe answer has the focus.
  await page.waitForFunction(() => document.activeElement?.closest("dialog[open]"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.dataset.testid === "remove-member");
  await settle(page);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.closest("dialog[open]"));
  await tabTo(page, named("remove-member-now"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash === "#/settings/household");
  await page.locator(named("member")).nth(before).waitFor({ state: "detached" });
  assert.deepEqual(page.problems, []);
  await page.close();
}

/** One of two apartments: visitors, access log and Home show it, and all of them come back. */
async function chooseApartment(browser, base) {
  const page = await visit(browser, base, { hash: "#/visitors", width: 360 });
  const visitor = (name) => page.locator(".visitors-list .row-title").filter({ hasText: name });
  await visitor("Courier").waitFor();
  await tabTo(page, named("apartment"));
  await page.keyboard.press("End");
  await visitor("Courier").waitFor({ state: "detached" });
  await visitor("Guest").waitFor();
  for (const hash of ["#/access", "#/home"]) {
    await page.evaluate((hash) => (location.hash = hash), hash);
    await page.locator(`main h1`).first().waitFor();
    await page.waitForFunction(() => document.querySelector("#flat")?.selectedOptions[0].textContent === "Studio 3");
  }
  await page.getByText("Flat 12 door").waitFor({ state: "detached" });
  await tabTo(page, named("apartment"));
  await page.keyboard.press("Home");
  await page.getByText("Flat 12 door").waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
}

/** 100,000 rows: what is looked at moves as far as the list is scrolled, and keys lead to both ends. */
async function walkLongList(browser, base) {
  const page = await visit(browser, base, { hash: "#/access", fake: "long-log", width: 360 });
  const seen = () =>
    page.evaluate(() => {
      const pane = document.querySelector(".pane-list").getBoundingClientRect();
      const rows = [...document.querySelectorAll('[data-testid="access-row"]')].map((row) => [row.dataset.access, row.getBoundingClientRect()]);
      return rows.filter(([, box]) => box.top > pane.top + 100 && box.bottom < pane.bottom).map(([id, box]) => ({ id, top: box.top }));
    });
  for (const step of [300, 300, 300, 2000, 300, 300, -300, 40, -900, 300]) {
    const before = await seen();
    await page.evaluate((by) => document.querySelector(".pane-list").scrollBy(0, by), step);
    for (let frames = 0; frames < 3; frames += 1) await settle(page);
    const after = new Map((await seen()).map(({ id, top }) => [id, top]));
    assert.ok(after.size > 3, "rows are drawn");
    for (const { id, top } of before) {
      if (after.has(id)) assert.ok(Math.abs(top - step - after.get(id)) <= 1.5, `row ${id} jumped by ${top - step - after.get(id)} px`);
    }
  }
  // The row lies above what is seen: rows are drawn before it, and it keeps the focus.
  const row = page.locator(named("access-row")).nth(5);
  const id = await row.getAttribute("data-access");
  await row.focus();
  for (let frames = 0; frames < 3; frames += 1) await settle(page);
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.access), id);
  for (const [key, wanted] of [["Home", "100000"], ["ArrowDown", "99999"]]) {
    await page.keyboard.press(key);
    await page.waitForFunction((row) => document.activeElement?.dataset.access === row, wanted);
  }
  assert.deepEqual(page.problems, []);
  await page.close();
}

export const paths = { addToHousehold, answerAndOpen, chooseApartment, findMissedCall, makeAndShareVisitor, reportProblem, walkLongList };
