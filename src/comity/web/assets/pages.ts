// What comity's own pages do in the browser beyond the design systems' components.

/** Start the page's own behaviour below `scope`. Runs once for the page and again for each swapped part. */
export function startPages(scope: ParentNode): void {
  // A control that submits its own form when it changes (its form has a button too, hidden when scripts run).
  for (const control of scope.querySelectorAll<HTMLSelectElement>("select[data-submit-on-change]")) {
    control.addEventListener("change", () => control.form?.requestSubmit());
  }
  for (const button of scope.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const time of scope.querySelectorAll<HTMLTimeElement>("time[data-zone]")) keepTime(time);
}

/** Let a clock of the masthead follow the minutes; the server has written the time of the page. */
function keepTime(time: HTMLTimeElement): void {
  const read = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: time.dataset.zone });
  window.setInterval(() => {
    const now = new Date();
    time.textContent = read.format(now);
    time.dateTime = now.toISOString();
  }, 20_000);
}
