// The sign-in library tells of passkey trouble by an event; here it becomes words on the page instead of a line in the console.
document.addEventListener("allauth.error", (event) => {
  const said = document.getElementById("passkey-trouble");
  if (!said) return;
  event.preventDefault();
  // Shown anew each time, so that a screen reader says it anew.
  said.hidden = true;
  requestAnimationFrame(() => { said.hidden = false; });
});
