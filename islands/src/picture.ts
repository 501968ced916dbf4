// The graph as it stands, as a file: SVG by its marks, PNG by drawing the same marks.
import type Graph from "graphology";

export interface Look {
  paper: string;
  ink: string;
  soft: string;
}

interface Mark {
  x: number;
  y: number;
  size: number;
  color: string;
  label: string;
}

interface Line {
  from: Mark;
  to: Mark;
  size: number;
  color: string;
}

const WIDTH = 1600;
const HEIGHT = 1000;
const MARGIN = 90;

function marks(graph: Graph): { nodes: Mark[]; lines: Line[] } {
  const shown = graph.filterNodes((_, each) => !each.hidden);
  const xs = shown.map((id) => graph.getNodeAttribute(id, "x") as number);
  const ys = shown.map((id) => graph.getNodeAttribute(id, "y") as number);
  const span = (values: number[]): [number, number] => {
    const low = values.reduce((one, other) => Math.min(one, other), Infinity);
    const high = values.reduce((one, other) => Math.max(one, other), -Infinity);
    return [low, Math.max(high - low, 1e-6)];
  };
  const [x0, dx] = span(xs);
  const [y0, dy] = span(ys);
  const held = new Map<string, Mark>();
  for (const id of shown) {
    const each = graph.getNodeAttributes(id);
    held.set(id, {
      x: MARGIN + ((each.x - x0) / dx) * (WIDTH - 2 * MARGIN),
      y: HEIGHT - MARGIN - ((each.y - y0) / dy) * (HEIGHT - 2 * MARGIN),
      size: each.size * 1.4,
      color: each.color,
      label: each.member ? each.label : "",
    });
  }
  const lines: Line[] = [];
  graph.forEachEdge((_, each, source, target) => {
    const from = held.get(source);
    const to = held.get(target);
    if (from && to && !each.hidden) lines.push({ from, to, size: each.size, color: each.color });
  });
  return { nodes: [...held.values()], lines };
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");

export function svgOf(graph: Graph, look: Look, title: string): Blob {
  const { nodes, lines } = marks(graph);
  const n = (value: number): string => value.toFixed(1);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif">`,
    `<title>${escaped(title)}</title><rect width="100%" height="100%" fill="${look.paper}"/>`,
    ...lines.map(
      (line) =>
        `<line x1="${n(line.from.x)}" y1="${n(line.from.y)}" x2="${n(line.to.x)}" y2="${n(line.to.y)}" stroke="${line.color}" stroke-width="${n(line.size)}"/>`,
    ),
    ...nodes.map((node) => `<circle cx="${n(node.x)}" cy="${n(node.y)}" r="${n(node.size)}" fill="${node.color}"/>`),
    ...nodes
      .filter((node) => node.label)
      .map(
        (node) =>
          `<text x="${n(node.x)}" y="${n(node.y + node.size + 18)}" font-size="16" text-anchor="middle" fill="${look.ink}" stroke="${look.paper}" stroke-width="4" paint-order="stroke">${escaped(node.label)}</text>`,
      ),
    "</svg>",
  ];
  return new Blob([parts.join("\n")], { type: "image/svg+xml" });
}

export async function pngOf(graph: Graph, look: Look): Promise<Blob | null> {
  const { nodes, lines } = marks(graph);
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * 2;
  canvas.height = HEIGHT * 2;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(2, 2);
  pen.fillStyle = look.paper;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  for (const line of lines) {
    pen.strokeStyle = line.color;
    pen.lineWidth = line.size;
    pen.beginPath();
    pen.moveTo(line.from.x, line.from.y);
    pen.lineTo(line.to.x, line.to.y);
    pen.stroke();
  }
  for (const node of nodes) {
    pen.fillStyle = node.color;
    pen.beginPath();
    pen.arc(node.x, node.y, node.size, 0, Math.PI * 2);
    pen.fill();
  }
  pen.fillStyle = look.ink;
  pen.font = "16px sans-serif";
  pen.textAlign = "center";
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = look.paper;
  for (const node of nodes) {
    if (!node.label) continue;
    pen.strokeText(node.label, node.x, node.y + node.size + 18);
    pen.fillText(node.label, node.x, node.y + node.size + 18);
  }
  return new Promise((give) => canvas.toBlob(give, "image/png"));
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
