// Draws a track's state chart from the JSON the server put in the page. Loaded only where there is a chart.
//
//   <div class="comity-chart" data-chart="chart-data" role="img" aria-label="..."></div>
//   <script type="application/json" id="chart-data" nonce="...">{"elements": [...]}</script>
//
// `elements` are Cytoscape's own (nodes: data.id, data.label, classes "current", "final", "past", "ours", "theirs";
// edges: data.source, data.target, data.label). The page has the same content as a table beside it, so the drawing
// is a picture and takes no keyboard focus.
import cytoscape from "cytoscape";
import dagre from "cytoscape-dagre";

cytoscape.use(dagre);

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--comity-${name}`).trim();
}

function style(): cytoscape.StylesheetJson {
  const font = getComputedStyle(document.body).fontFamily;
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        width: 150,
        height: 46,
        "background-color": colour("paper"),
        "border-color": colour("line-strong"),
        "border-width": 1,
        color: colour("ink"),
        label: "data(label)",
        "font-family": font,
        "font-size": 13,
        "text-halign": "center",
        "text-valign": "center",
        "text-wrap": "wrap",
        "text-max-width": "138px",
      },
    },
    { selector: "node.past", style: { "background-color": colour("brand-tint") } },
    { selector: "node.final", style: { "border-width": 3, "border-style": "double" } },
    {
      selector: "node.current",
      style: {
        "background-color": colour("brand"),
        "border-color": colour("brand-dark"),
        "border-width": 3,
        color: colour("paper"),
        "font-weight": "bold",
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "line-color": colour("line-strong"),
        "target-arrow-color": colour("line-strong"),
        "target-arrow-shape": "triangle",
        "curve-style": "bezier",
        label: "data(label)",
        color: colour("ink-soft"),
        "font-family": font,
        "font-size": 11,
        "text-background-color": colour("paper"),
        "text-background-opacity": 1,
        "text-background-padding": "2px",
        "text-wrap": "wrap",
        "text-max-width": "110px",
      },
    },
    { selector: "edge.past", style: { "line-color": colour("brand"), "target-arrow-color": colour("brand"), width: 3 } },
  ] as unknown as cytoscape.StylesheetJson;
}

function draw(container: HTMLElement): void {
  const source = document.getElementById(container.dataset.chart ?? "");
  if (!source?.textContent) return;
  const { elements } = JSON.parse(source.textContent) as { elements: cytoscape.ElementDefinition[] };
  // Cytoscape adds a style element unless one with this id exists; comity.css has the rule already (see _theme.scss).
  if (!document.getElementById("__________cytoscape_stylesheet")) {
    const mark = document.createElement("meta");
    mark.id = "__________cytoscape_stylesheet";
    document.head.append(mark);
  }
  const direction = container.clientWidth > 700 ? "LR" : "TB";
  cytoscape({
    container,
    elements,
    style: style(),
    layout: { name: "dagre", rankDir: direction, nodeSep: 28, rankSep: 70, fit: true, padding: 16 } as cytoscape.LayoutOptions,
    autoungrabify: true,
    userZoomingEnabled: false,
    userPanningEnabled: false,
    boxSelectionEnabled: false,
  });
  container.dataset.drawn = "true";
}

function drawAll(): void {
  for (const container of document.querySelectorAll<HTMLElement>("[data-chart]:not([data-drawn])")) draw(container);
}

drawAll();
document.addEventListener("htmx:after:swap", drawAll);
