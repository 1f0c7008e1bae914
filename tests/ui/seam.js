// What the pages may count on, whichever core is behind them: held against the real one in the app's own windows
// (tests/demo), and against the made-up one in a browser (run.mjs). An expression with a function per window; each takes
// `send(command, arguments)` and gives what is wrong.
({
  async main(send) {
    const { check, refused, wrong } = this.judge(send);
    const state = () => send("get_state", {});
    const before = await state();
    check("the state has a version", /^\d+\.\d+/.test(before.version));
    check("the cache is open", before.storage === "ready");

    const door = { id: 0, name: "Side door", kind: "door", code: "00*" };
    const side = { id: 0, name: "Side entrance", address: "side@site.test", direct: false, switches: [door] };
    const id = await send("save_intercom", { intercom: side });
    const kept = async () => (await state()).intercoms.find((intercom) => intercom.id === id);
    const made = await kept();
    check("an intercom that is saved is listed", made?.name === side.name && made?.address === side.address);
    check("its switches get ids", made?.switches.length === 1 && made.switches[0].id > 0);
    check("a change keeps the id", (await send("save_intercom", { intercom: { ...made, name: "Back entrance" } })) === id);
    await refused("an intercom needs a name", "bad_value", "save_intercom", { intercom: { ...made, name: " " } });
    await refused("so does a switch", "bad_value", "save_intercom", { intercom: { ...made, switches: [{ ...door, name: "" }] } });
    await refused("half a command", "bad_value", "save_intercom", {});
    check("what was refused changed nothing", (await kept())?.name === "Back entrance");

    const settings = before.settings;
    const quiet = { on: true, days: [1, 7], from: 1320, until: 420 };
    const save = (changed) => send("save_settings", { settings: { ...settings, ...changed } });
    await save({ theme: "dark", quiet_hours: quiet, silent: [id], account: null });
    const saved = (await state()).settings;
    check("settings are kept", saved.theme === "dark" && saved.quiet_hours.until === 420 && saved.silent[0] === id);
    check("settings leave the account alone", JSON.stringify(saved.account) === JSON.stringify(settings.account));
    const loud = { ...settings.audio, volume: 101 };
    await refused("a level above 100", "bad_value", "save_settings", { settings: { ...settings, audio: loud } });
    const never = { ...quiet, days: [8] };
    await refused("an eighth day", "bad_value", "save_settings", { settings: { ...settings, quiet_hours: never } });
    await send("delete_intercom", { intercom: id });
    check("an intercom that is deleted is gone", (await kept()) === undefined);
    check("nothing of it stays silent", (await state()).settings.silent.length === 0);
    await save({});

    const list = (filter) =>
      send("list_history", { filter: { text: "", missed_only: false, before: null, limit: 1, ...filter } });
    const page = await list({});
    check("a page is as long as it may be", page.entries.length <= 1);
    if (page.more) {
      const [next] = (await list({ before: page.entries[0].id })).entries;
      check("the next page goes on before the last row", next.id < page.entries[0].id);
    }
    const nothing = await list({ text: "nobody has this name" });
    check("a search that finds nothing is empty", nothing.entries.length === 0 && !nothing.more);

    await refused("an intercom that is not there", "no_such_intercom", "dial", { intercom: 999999 });
    await refused("a key file beside a keychain", "wrong_phase", "allow_key_file", {});
    await refused("a keychain that is open", "wrong_phase", "unlock_keychain", {});
    const lines = await send("preview_diagnostics", {});
    check("diagnostics begin with the program", lines[0].startsWith("Vestibule "));
    check("they name nobody", !lines.some((line) => line.includes(settings.account?.user ?? "flat12")));

    const site = (await state()).site;
    check("the building has an apartment", site.apartments.length > 0 && site.signed_in);
    const guest = {
      id: 0, name: "Guest", apartment: site.apartments[0].id, from: null, until: null, schedule: [], uses: null,
      apartment_door: false, codes: null, revoked: false, delivery: "sent",
    };
    const visitor = await send("save_visitor", { visitor: guest });
    const known = async () => (await send("list_visitors", {})).find(({ id }) => id === visitor);
    check("a visitor who is made is listed", (await known())?.name === "Guest");
    await send("save_visitor", { visitor: { ...(await known()), name: "Courier" } });
    check("and so is a change", (await known())?.name === "Courier");
    await refused("a visitor needs a name", "bad_value", "save_visitor", { visitor: { ...guest, name: " " } });
    const backwards = { ...guest, from: 2000, until: 1000 };
    await refused("a visit ends after its begin", "bad_value", "save_visitor", { visitor: backwards });
    await refused("a visitor who is not there", "bad_value", "revoke_visitor", { visitor: 999999 });
    await send("revoke_visitor", { visitor });
    check("codes that are taken back stay back", (await known())?.revoked === true);
    await send("delete_visitor", { visitor });
    check("a visitor who is deleted is gone", (await known()) === undefined);
    const log = (filter) =>
      send("list_access", { filter: { text: "", problems_only: false, method: null, before: null, limit: 1, ...filter } });
    const newest = await log({});
    check("a page of the access log is as long as it may be", newest.entries.length <= 1);
    if (newest.more) {
      const [older] = (await log({ before: newest.entries[0].id })).entries;
      check("the next page goes on before the last line", older.id < newest.entries[0].id);
    }
    check("nobody of this name came in", (await log({ text: "nobody has this name" })).entries.length === 0);
    check("the building names contacts", (await send("list_contacts", {})).length > 0);
    const empty = { at: 0, description: " ", email: "a@site.example", diagnostics: [], number: null, delivery: "sent" };
    await refused("a report needs a description", "bad_value", "send_ticket", { ticket: empty });

    const devices = await send("list_audio_devices", {});
    check("sound devices are two lists", Array.isArray(devices.inputs) && Array.isArray(devices.outputs));
    return wrong;
  },

  async call(send) {
    const { refused, wrong } = this.judge(send);
    const call = 999999;
    for (const [command, args] of [
      ["answer", {}],
      ["decline", {}],
      ["hang_up", {}],
      ["silence", {}],
      ["set_muted", { muted: true }],
      ["set_volume", { volume: 50 }],
      ["open_door", { switch: 1 }],
    ]) {
      await refused(`${command} of a call that is over`, "no_such_call", command, { call, ...args });
    }
    return wrong;
  },

  judge(send) {
    const wrong = [];
    const check = (what, holds) => {
      if (!holds) wrong.push(what);
    };
    const refused = async (what, code, command, args) => {
      const answer = await send(command, args).then(
        () => "done",
        (problem) => problem?.code ?? String(problem),
      );
      if (answer !== code) wrong.push(`${what}: ${answer}, not ${code}`);
    };
    return { check, refused, wrong };
  },
})
