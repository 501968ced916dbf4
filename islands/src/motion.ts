// While a picture of thousands moves, a still of it is moved instead: drawing it anew for every frame is what takes
// the time where no graphics card helps. What is out of the still comes when the picture has gone far, or rests.
import type Sigma from "sigma";
import type { CameraState } from "sigma/types";

/** Milliseconds without motion after which the picture is drawn anew. */
const REST = 120;

/** How far the still may be shifted, in parts of the stage, and magnified, before it is drawn anew in motion. */
const SHIFT = 0.4;
const MAGNIFIED = 1.8;

/** Whether WebGL is drawn by the processor here. */
function isSoftware(stage: HTMLElement): boolean {
  const layer = stage.querySelector<HTMLCanvasElement>(".sigma-nodes");
  const gl = layer?.getContext("webgl2") ?? layer?.getContext("webgl");
  const told = gl?.getExtension("WEBGL_debug_renderer_info");
  return !!gl && !!told && /swiftshader|llvmpipe|software|basic render/i.test(String(gl.getParameter(told.UNMASKED_RENDERER_WEBGL)));
}

export class Motion {
  private readonly still = document.createElement("canvas");
  private readonly isSlow: boolean;
  private drawn: CameraState;
  private resting = 0;

  constructor(
    private readonly sigma: Sigma,
    private readonly stage: HTMLElement,
    private readonly many: number,
  ) {
    this.still.className = "graph-still";
    this.still.hidden = true;
    this.still.setAttribute("aria-hidden", "true");
    stage.prepend(this.still);
    this.isSlow = isSoftware(stage);
    const camera = sigma.getCamera();
    this.drawn = camera.getState();
    // Sigma draws at every step of its camera; here this decides when.
    camera.removeAllListeners("updated");
    camera.on("updated", () => this.step());
    sigma.on("afterRender", () => this.settle());
  }

  private get layers(): HTMLCanvasElement[] {
    return [...this.stage.querySelectorAll<HTMLCanvasElement>("canvas")].filter(
      (each) => each !== this.still && !each.classList.contains("sigma-mouse"),
    );
  }

  private step(): void {
    if (!this.isSlow && this.sigma.getGraph().order <= this.many) {
      this.sigma.scheduleRender();
      return;
    }
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.sigma.scheduleRender(), REST);
    if (this.still.hidden) {
      this.hold();
      return;
    }
    const { width, height } = this.sigma.getDimensions();
    const [scale, left, top] = this.moved();
    const out = Math.max(Math.abs(left + ((scale - 1) * width) / 2) / width, Math.abs(top + ((scale - 1) * height) / 2) / height);
    if (out > SHIFT || scale > MAGNIFIED || scale < 1 / MAGNIFIED) {
      this.sigma.scheduleRender();
      return;
    }
    this.still.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  /** How what was drawn last stands now: its scale, and where its corner is. */
  private moved(): [number, number, number] {
    const corners = [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ];
    const [zero, one] = corners.map((each) => this.sigma.framedGraphToViewport(each, { cameraState: this.drawn }));
    const [zeroNow, oneNow] = corners.map((each) => this.sigma.framedGraphToViewport(each));
    if (!zero || !one || !zeroNow || !oneNow) return [1, 0, 0];
    const scale = (oneNow.x - zeroNow.x) / (one.x - zero.x);
    return [scale, zeroNow.x - scale * zero.x, zeroNow.y - scale * zero.y];
  }

  /** Take the still, and put the layers it was made of aside. */
  private hold(): void {
    // A browser keeps what WebGL drew until it has shown it: it is drawn and copied in one go.
    this.sigma.refresh({ skipIndexation: true, partialGraph: { nodes: [], edges: [] } });
    const { width, height } = this.sigma.getDimensions();
    this.still.width = width;
    this.still.height = height;
    const pen = this.still.getContext("2d");
    for (const layer of this.layers) {
      pen?.drawImage(layer, 0, 0, width, height);
      layer.style.visibility = "hidden";
    }
    this.still.style.transform = "";
    this.still.hidden = false;
  }

  /** The picture was drawn: it is shown itself. */
  private settle(): void {
    this.drawn = this.sigma.getCamera().getState();
    if (this.still.hidden) return;
    this.still.hidden = true;
    for (const layer of this.layers) layer.style.visibility = "";
  }
}
