// Runs before the first paint: the colours and the kind of window must not change once they are seen.
(() => {
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const theme = query.get("theme") ?? localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (location.hash.startsWith("#/call")) root.dataset.window = "call";
})();
