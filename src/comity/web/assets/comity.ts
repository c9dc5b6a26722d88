// Loaded on every page, deferred. Every page works without it; this only makes it quicker to use.
import { initAll as initGovuk } from "govuk-frontend";
import { SortableTable } from "@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs";
import { ButtonMenu } from "@ministryofjustice/frontend/moj/components/button-menu/button-menu.mjs";
import { startPages } from "./pages";

/** Start the components found below `scope`; called once for the page and again for what htmx swaps in. */
function start(scope: ParentNode): void {
  initGovuk({ scope: scope as Element });
  for (const table of scope.querySelectorAll("[data-module='moj-sortable-table']")) {
    if (!table.hasAttribute("data-moj-sortable-table-init")) new SortableTable(table);
  }
  for (const menu of scope.querySelectorAll("[data-module='moj-button-menu']")) {
    if (!menu.hasAttribute("data-moj-button-menu-init")) new ButtonMenu(menu, {});
  }
  startPages(scope);
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
start(document);
document.addEventListener("htmx:after:swap", (event) => {
  start(event.target instanceof Element ? event.target : document);
});
