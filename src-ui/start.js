import init from "./vestibule-ui.js";

init({ module_or_path: "./vestibule-ui_bg.wasm" });
