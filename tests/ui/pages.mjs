// Every page of the app in every state that looks different, by its address.

export const pages = [
  { name: "home", hash: "#/home" },
  { name: "home-intercom", hash: "#/home/3" },
  { name: "home-first", hash: "#/home", fake: "first" },
  { name: "home-wrong-password", hash: "#/home", fake: "wrong-password" },
  { name: "home-no-keychain", hash: "#/home", fake: "no-keychain" },
  { name: "home-broken", hash: "#/home", fake: "broken" },
  { name: "call-incoming", hash: "#/call", fake: "ringing" },
  { name: "call-incoming-plain", hash: "#/call", fake: "ringing-plain" },
  { name: "call-active", hash: "#/call", fake: "active" },
  { name: "call-switches", hash: "#/call", fake: "switches" },
  { name: "call-waiting", hash: "#/call", fake: "waiting" },
  { name: "call-no-video", hash: "#/call", fake: "no-video" },
  { name: "call-no-microphone", hash: "#/call", fake: "no-microphone" },
  { name: "call-ended", hash: "#/call", fake: "ended-lost" },
  { name: "history", hash: "#/history" },
  { name: "history-call", hash: "#/history/127" },
  { name: "history-empty", hash: "#/history", fake: "empty" },
  { name: "history-failing", hash: "#/history", fake: "failing" },
  { name: "settings", hash: "#/settings" },
  { name: "settings-account", hash: "#/settings/account" },
  { name: "settings-calls", hash: "#/settings/calls" },
  { name: "settings-sound", hash: "#/settings/sound" },
  { name: "settings-appearance", hash: "#/settings/appearance" },
  { name: "settings-intercoms", hash: "#/settings/intercoms" },
  { name: "settings-intercom", hash: "#/settings/intercoms/3" },
  { name: "settings-about", hash: "#/settings/about" },
];

export const languages = ["en", "ar", "pseudo"];
export const themes = ["light", "dark"];
export const widths = [360, 1280];
