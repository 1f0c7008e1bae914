// Runs before the first paint: the colours, the size of the text, the language and the kind of window must not change once they are seen.
(() => {
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const theme = query.get("theme") ?? localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const size = Number(query.get("text") ?? localStorage.getItem("text-size"));
  if (size > 100 && size <= 200) root.style.fontSize = `${size}%`;
  if (location.hash.startsWith("#/call")) root.dataset.window = "call";

  const asked = query.get("lang") ?? localStorage.getItem("language");
  const spoken = ["ar", "cs", "de", "en", "es", "fr", "it", "nl"];
  const system = navigator.languages.map((language) => language.split("-")[0]);
  root.lang = [asked, ...system].find((language) => spoken.includes(language)) ?? "en";
  root.dir = root.lang === "ar" ? "rtl" : "ltr";
  // Longer words in brackets, for tests of the layout.
  if (asked === "pseudo") root.dataset.words = "pseudo";
})();
