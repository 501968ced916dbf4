// The graph of a network, drawn with WebGL over the picture the server made; without it that picture stands.
import Graph from "graphology";
import Sigma from "sigma";
import type { NodeDisplayData, PartialButFor } from "sigma/types";
import { EdgeArrowProgram, EdgeRectangleProgram, NodeCircleProgram } from "sigma/rendering";
import type { Settings } from "sigma/settings";

import { asked, monthsOf, touches, type Claim, type Edge, type Node, type Step, type Told } from "./data";
import { Motion } from "./motion";
import { pointing, seen } from "./pointing";
import { pngOf, save, svgOf, type Look } from "./picture";

const WIDE = 1.7; // A network is wider than high: the roles stand left to right.
const MANY = 600;
type Words = Record<string, string>;
type Drawn = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;

interface Kept {
  open: string[];
  month: string;
  camera?: { x: number; y: number; ratio: number; angle: number };
}

class Island {
  private readonly graph = new Graph({ multi: true, type: "directed" });
  private readonly name: string;
  private readonly words: Words;
  private readonly tools = element("div", "graph-tools line");
  private readonly stage = element("div", "graph-stage");
  private readonly panel = element("div", "graph-panel");
  private readonly slider = element("input") as HTMLInputElement;
  private readonly shown = element("output");
  private readonly choice = element("select") as HTMLSelectElement;
  private readonly expand = element("button", "second") as HTMLButtonElement;
  private readonly open = new Map<string, string[]>();
  private sigma!: Sigma;
  private months: string[] = [];
  private month = "";
  private chosen = "";
  private way = new Set<string>();
  private look: Look = { paper: "#ffffff", ink: "#000000", soft: "#666666" };
  private colors: Record<string, string> = {};

  constructor(private readonly place: HTMLElement) {
    this.name = place.dataset.graph ?? "";
    this.words = JSON.parse(place.dataset.words ?? "{}") as Words;
  }

  async begin(): Promise<void> {
    const told = await asked<Told>(`/api/v1/graph/${encodeURIComponent(this.name)}?language=${this.words.language}`);
    this.paint();
    for (const node of told.nodes) this.addNode(node, true);
    for (const edge of told.edges) this.addEdge(edge, true);
    this.months = monthsOf(told.edges);
    this.furnish();
    // Paper keeps the picture the server made: what WebGL drew is gone when a page is printed.
    const printed = element("div", "graph-printed");
    printed.append(...this.place.childNodes);
    this.place.replaceChildren(this.tools, this.stage, this.panel, printed);
    this.place.classList.add("live");
    this.sigma = new Sigma(this.graph, this.stage, this.settings());
    pointing(this.sigma);
    new Motion(this.sigma, this.stage, MANY);
    this.listen();
    await this.resume();
    this.place.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
    this.place.dataset.drawn = "1";
  }

  private settings(): Partial<Settings> {
    return {
      defaultEdgeType: "arrow",
      nodeProgramClasses: { circle: seen(NodeCircleProgram) },
      edgeProgramClasses: { arrow: seen(EdgeArrowProgram), line: seen(EdgeRectangleProgram) },
      labelFont: getComputedStyle(document.body).fontFamily,
      labelSize: 13,
      labelDensity: 0.6,
      labelRenderedSizeThreshold: 5,
      zIndex: true,
      enableEdgeEvents: true,
      enableCameraRotation: false,
      labelColor: { attribute: "labelColor", color: this.look.ink },
      nodeReducer: (id, data) => this.nodeLook(id, data as Drawn),
      edgeReducer: (id, data) => this.edgeLook(id, data),
      stagePadding: 60,
      // Names stand below, with a rim of paper around them: no tie runs through one, none is cut off at the edge.
      defaultDrawNodeLabel: (pen, data, settings) => {
        if (!data.label) return;
        pen.font = `${settings.labelSize}px ${settings.labelFont}`;
        pen.textAlign = "center";
        pen.lineJoin = "round";
        pen.lineWidth = 4;
        pen.strokeStyle = this.look.paper;
        pen.fillStyle = this.look.ink;
        const at = data.y + data.size + settings.labelSize + 1;
        pen.strokeText(data.label, data.x, at);
        pen.fillText(data.label, data.x, at);
        pen.textAlign = "start";
      },
      defaultDrawNodeHover: (pen, data, settings) => {
        // The name of what is pointed at, on paper of the page's own colour: sigma's is white in every theme.
        const size = settings.labelSize;
        pen.font = `600 ${size}px ${settings.labelFont}`;
        const text = data.label ?? "";
        const width = pen.measureText(text).width;
        pen.fillStyle = this.look.paper;
        pen.strokeStyle = this.look.ink;
        pen.lineWidth = 1;
        pen.beginPath();
        pen.rect(data.x - width / 2 - 5, data.y + data.size + 1, width + 10, size * 1.6);
        pen.fill();
        pen.stroke();
        pen.beginPath();
        pen.arc(data.x, data.y, data.size + 3, 0, Math.PI * 2);
        pen.lineWidth = 2;
        pen.stroke();
        pen.fillStyle = this.look.ink;
        pen.fillText(text, data.x - width / 2, data.y + data.size + size * 1.15);
      },
    };
  }

  /** The colours of the theme, as the browser computes them. */
  private paint(): void {
    const probe = element("span");
    document.body.append(probe);
    const of = (name: string): string => {
      probe.className = `graph-${name}`;
      return getComputedStyle(probe).color;
    };
    this.look = { paper: of("paper"), ink: of("ink"), soft: of("soft") };
    for (const role of ["recruiter", "collector", "organiser", "hub", "treasurer", "mule", "laboratory", "outside"]) {
      this.colors[role] = of(role);
    }
    probe.remove();
  }

  private addNode(node: Node, member: boolean, at?: { x: number; y: number }): void {
    if (this.graph.hasNode(node.id)) return;
    this.graph.addNode(node.id, {
      x: at ? at.x + node.x : node.x * WIDE,
      y: at ? at.y + node.y : 1 - node.y,
      label: member && node.role_label ? `${node.label} · ${node.role_label}` : node.label,
      size: member ? 8 + 5 * (node.score ?? 0) : 2.2,
      role: node.role,
      color: this.colors[node.role] ?? this.look.soft,
      labelColor: this.look.ink,
      member,
      from: node.from ?? null,
      to: node.to ?? null,
      zIndex: member ? 1 : 0,
    });
  }

  private addEdge(edge: Edge, member: boolean): string {
    // The thicker, the more evidence; recorded dealings that no claim rests on are thin.
    const size = member ? (edge.claims?.length ? 1.5 + Math.min(Math.max(edge.weight ?? 0, 0), 12) * 0.6 : 1) : 0.4;
    return this.graph.addEdge(edge.from, edge.to, {
      size,
      color: this.look.soft,
      told: edge,
      member,
      type: member ? "arrow" : "line",
      zIndex: member ? 1 : 0,
    });
  }

  private nodeLook(id: string, data: Drawn): Drawn {
    const each = this.graph.getNodeAttributes(id);
    const hidden = each.member ? false : !this.graph.someEdge(id, (edge) => !this.isOut(edge));
    const aside = this.chosen && id !== this.chosen && !this.graph.areNeighbors(id, this.chosen) && !this.way.size;
    return {
      ...data,
      hidden,
      color: aside ? faded(data.color ?? this.look.soft, this.look.paper) : (data.color ?? this.look.soft),
      highlighted: id === this.chosen,
      forceLabel: each.member === true,
      label: each.member || id === this.chosen ? data.label : "",
    } as Drawn;
  }

  private edgeLook(id: string, data: Record<string, unknown>): Record<string, unknown> {
    const onWay = this.way.has(id);
    const beside = this.chosen !== "" && this.graph.hasExtremity(id, this.chosen);
    const quiet = (this.way.size > 0 && !onWay) || (this.chosen !== "" && !beside && !onWay);
    return {
      ...data,
      hidden: this.isOut(id),
      color: onWay ? this.look.ink : quiet ? faded(this.look.soft, this.look.paper) : this.look.soft,
      zIndex: onWay ? 2 : (data.zIndex as number),
    };
  }

  /** Whether an edge is outside the month that is looked at. */
  private isOut(edge: string): boolean {
    const told = this.graph.getEdgeAttribute(edge, "told") as Edge;
    return !touches(told.first, told.last, this.month);
  }

  private furnish(): void {
    const button = (key: string, does: () => void, looks = "second"): HTMLButtonElement => {
      const made = element("button", looks) as HTMLButtonElement;
      made.type = "button";
      made.textContent = this.words[key] ?? key;
      made.addEventListener("click", does);
      return made;
    };
    this.choice.append(new Option(this.words.choose, ""));
    this.graph.forEachNode((id, each) => this.choice.append(new Option(each.label as string, id)));
    this.choice.addEventListener("change", () => this.select(this.choice.value, true));
    const named = element("label");
    named.append(`${this.words.member} `, this.choice);
    this.expand.type = "button";
    this.expand.textContent = this.words.expand ?? "";
    this.expand.disabled = true;
    this.expand.addEventListener("click", () => void this.toggle(this.chosen));
    this.slider.type = "range";
    this.slider.min = "0";
    this.slider.max = String(this.months.length);
    this.slider.value = "0";
    this.slider.addEventListener("input", () => this.lookAt(this.months[Number(this.slider.value) - 1] ?? ""));
    const time = element("label");
    time.append(`${this.words.month} `, this.slider, this.shown);
    const title = `vialtrace ${this.name}`;
    this.tools.append(
      named,
      this.expand,
      time,
      button("closer", () => void this.sigma.getCamera().animatedZoom({ duration: 200 })),
      button("farther", () => void this.sigma.getCamera().animatedUnzoom({ duration: 200 })),
      button("whole", () => void this.sigma.getCamera().animatedReset({ duration: 200 })),
      button("svg", () => save(svgOf(this.visible(), this.look, title), `vialtrace-${this.name}.svg`)),
      button("png", () => {
        void pngOf(this.visible(), this.look).then((blob) => blob && save(blob, `vialtrace-${this.name}.png`));
      }),
    );
    this.panel.setAttribute("aria-live", "polite");
    this.stage.setAttribute("role", "img");
    this.stage.setAttribute("aria-label", this.words.picture ?? "");
    this.lookAt("");
  }

  /** The graph as it is seen now: what the month hides is left out of what is saved. */
  private visible(): Graph {
    const copy = this.graph.copy();
    copy.forEachEdge((id) => copy.setEdgeAttribute(id, "hidden", this.isOut(id)));
    copy.forEachNode((id, each) => {
      copy.setNodeAttribute(id, "hidden", !each.member && !copy.someEdge(id, (_, edge) => !edge.hidden));
    });
    return copy;
  }

  private listen(): void {
    this.sigma.on("clickNode", ({ node }) => this.select(node, false));
    this.sigma.on("doubleClickNode", ({ node, event }) => {
      event.preventSigmaDefault();
      void this.toggle(node);
    });
    this.sigma.on("clickStage", () => this.select("", false));
    this.sigma.on("clickEdge", ({ edge }) => this.tell([this.graph.getEdgeAttribute(edge, "told") as Edge]));
    addEventListener("pagehide", () => this.keep());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.paint();
      this.graph.forEachNode((id, each) => {
        this.graph.mergeNodeAttributes(id, {
          color: this.colors[each.role as string] ?? this.look.soft,
          labelColor: this.look.ink,
        });
      });
      this.sigma.refresh();
    });
    const form = document.querySelector<HTMLFormElement>("form[data-path]");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const ends = new FormData(form);
      void this.show(String(ends.get("from")), String(ends.get("to")));
    });
  }

  private select(id: string, move: boolean): void {
    this.chosen = this.graph.hasNode(id) ? id : "";
    this.way.clear();
    const isMember = this.chosen !== "" && this.graph.getNodeAttribute(this.chosen, "member") === true;
    this.choice.value = isMember ? this.chosen : "";
    this.expand.disabled = !isMember;
    this.expand.textContent = (this.open.has(this.chosen) ? this.words.fold : this.words.expand) ?? "";
    this.sigma.refresh({ skipIndexation: true });
    if (!this.chosen) {
      this.panel.replaceChildren();
      return;
    }
    const edges = this.graph.edges(this.chosen).map((edge) => this.graph.getEdgeAttribute(edge, "told") as Edge);
    this.tell(edges.filter((edge) => edge.claims), this.chosen, edges.length);
    const at = this.sigma.getNodeDisplayData(this.chosen);
    if (move && at) void this.sigma.getCamera().animate({ x: at.x, y: at.y }, { duration: 250 });
  }

  /** Edges with the evidence on each, the strongest first. */
  private tell(edges: Edge[], member = "", n = edges.length): void {
    const list = element("ul");
    for (const edge of [...edges].sort((one, other) => (other.weight ?? 0) - (one.weight ?? 0))) {
      const item = element("li");
      const name = (id: string): string => String(this.graph.getNodeAttribute(id, "label"));
      item.append(`${name(edge.from)} → ${name(edge.to)}: ${edge.label}`);
      if (edge.n_rows) item.append(` (${edge.n_rows})`);
      if (edge.claims?.length) item.append(evidence(edge.claims));
      list.append(item);
    }
    const head = element("p");
    if (member && this.graph.getNodeAttribute(member, "member")) {
      const link = element("a") as HTMLAnchorElement;
      link.href = `/party/${encodeURIComponent(member)}`;
      link.textContent = String(this.graph.getNodeAttribute(member, "label"));
      const filter = element("a") as HTMLAnchorElement;
      filter.href = `/network/${encodeURIComponent(this.name)}?member=${encodeURIComponent(member)}`;
      filter.textContent = this.words.filter ?? "";
      head.append(link, ` (${n}) `, filter);
    } else if (member) {
      head.append(String(this.graph.getNodeAttribute(member, "label")));
    }
    this.panel.replaceChildren(head, list);
  }

  /** Show whoever dealt with a member, or put them away again. */
  private async toggle(id: string): Promise<void> {
    if (!id || this.graph.getNodeAttribute(id, "member") !== true) return;
    const there = this.open.get(id);
    if (there) {
      this.open.delete(id);
      const others = new Set([...this.open.values()].flat());
      for (const each of there) if (!others.has(each) && this.graph.hasNode(each)) this.graph.dropNode(each);
      this.graph.forEachEdge(id, (edge, each) => {
        if (!each.member) this.graph.dropEdge(edge);
      });
    } else {
      const address = `/api/v1/graph/${encodeURIComponent(this.name)}?party=${encodeURIComponent(id)}`;
      const told = await asked<Told>(`${address}&language=${this.words.language}`);
      const at = { x: this.graph.getNodeAttribute(id, "x"), y: this.graph.getNodeAttribute(id, "y") };
      for (const node of told.nodes) this.addNode(node, false, at);
      for (const edge of told.edges) this.addEdge(edge, false);
      this.open.set(
        id,
        told.nodes.map((node) => node.id),
      );
      this.panel.replaceChildren(`${this.words.around} ${told.n ?? told.nodes.length}`);
    }
    this.sigma.setSetting("enableEdgeEvents", this.graph.order <= MANY);
    if (id === this.chosen) this.expand.textContent = (there ? this.words.expand : this.words.fold) ?? "";
    this.sigma.refresh();
    this.keep();
  }

  private lookAt(month: string): void {
    this.month = month;
    this.shown.textContent = month || this.words.all || "";
    this.slider.setAttribute("aria-valuetext", this.shown.textContent);
    this.sigma?.refresh({ skipIndexation: true });
    if (this.sigma) this.keep();
  }

  /** The strongest way from one member to another, with the evidence on it. */
  private async show(from: string, to: string): Promise<void> {
    const at = `from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}&language=${this.words.language}`;
    const told = await asked<{ steps: Step[] }>(`/api/v1/network/${encodeURIComponent(this.name)}/path?${at}`);
    this.chosen = "";
    this.way.clear();
    for (const step of told.steps) {
      this.graph.forEachEdge(step.from, step.to, (edge, each) => {
        if (each.member && (each.told as Edge).from === step.from) this.way.add(edge);
      });
    }
    const list = element("ol");
    for (const step of told.steps) {
      const item = element("li");
      item.append(`${step.from_name} → ${step.to_name}: ${step.label}`);
      if (step.claims?.length) item.append(evidence(step.claims));
      list.append(item);
    }
    this.panel.replaceChildren(told.steps.length ? list : (this.words.no_path ?? ""));
    this.sigma.refresh({ skipIndexation: true });
    void this.sigma.getCamera().animatedReset({ duration: 200 });
  }

  private keep(): void {
    const kept: Kept = { open: [...this.open.keys()], month: this.month, camera: this.sigma.getCamera().getState() };
    sessionStorage.setItem(`graph ${this.name}`, JSON.stringify(kept));
  }

  /** Where one was when the page was left. */
  private async resume(): Promise<void> {
    const kept = JSON.parse(sessionStorage.getItem(`graph ${this.name}`) ?? "null") as Kept | null;
    if (!kept) return;
    for (const id of kept.open) if (this.graph.hasNode(id)) await this.toggle(id);
    if (kept.camera) this.sigma.getCamera().setState(kept.camera);
    const at = this.months.indexOf(kept.month);
    this.slider.value = String(at + 1);
    this.lookAt(this.months[at] ?? "");
  }
}

function evidence(claims: Claim[]): HTMLElement {
  const list = element("ul");
  for (const claim of claims) {
    const item = element("li");
    const link = element("a") as HTMLAnchorElement;
    link.href = `/claim/${encodeURIComponent(claim.evidence_id)}`;
    link.textContent = claim.sentence;
    item.append(link, ` (${claim.weight > 0 ? "+" : ""}${claim.weight.toFixed(1)})`);
    list.append(item);
  }
  return list;
}

function element(name: string, className = ""): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  return made;
}

/** A colour three quarters of the way to the paper. */
function faded(color: string, paper: string): string {
  const parts = (text: string): number[] => (text.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
  const [one, other] = [parts(color), parts(paper)];
  return `rgb(${one.map((value, at) => Math.round(value * 0.25 + (other[at] ?? 0) * 0.75)).join(", ")})`;
}

function hasWebgl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

for (const place of document.querySelectorAll<HTMLElement>("[data-graph]")) {
  // Whatever goes wrong here, the picture that the server made stands.
  if (hasWebgl()) void new Island(place).begin().catch((reason: unknown) => console.warn("graph:", reason));
}
