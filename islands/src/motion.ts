// While a picture of thousands moves, a still of it is moved instead: drawing it anew for every frame is what takes
// the time where no graphics card helps. What is out of the still comes when the picture has gone far, or rests.
import type Sigma from "sigma";
import type { CameraState } from "sigma/types";

type Place = { x: number; y: number };

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
  private stepped = 0;
  private gap = 0;

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
    this.settle();
  }

  private get isStilled(): boolean {
    return this.isSlow || this.sigma.getGraph().order > this.many;
  }

  private get layers(): HTMLCanvasElement[] {
    return [...this.stage.querySelectorAll<HTMLCanvasElement>("canvas")].filter(
      (each) => each !== this.still && !each.classList.contains("sigma-mouse"),
    );
  }

  private step(): void {
    if (!this.isStilled) {
      this.sigma.scheduleRender();
      return;
    }
    const now = performance.now();
    this.gap = Math.min(now - this.stepped, 1000);
    this.stepped = now;
    this.wait();
    this.show(true);
    const { width, height } = this.sigma.getDimensions();
    const [scale, left, top] = this.moved();
    const out = Math.max(Math.abs(left + ((scale - 1) * width) / 2) / width, Math.abs(top + ((scale - 1) * height) / 2) / height);
    if (out > SHIFT || scale > MAGNIFIED || scale < 1 / MAGNIFIED) this.sigma.scheduleRender();
    this.still.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  /** Draw anew once nothing moves: where steps come slowly, a pause between two of them is no rest. */
  private wait(): void {
    clearTimeout(this.resting);
    this.resting = window.setTimeout(
      () => {
        if (this.sigma.getCamera().isAnimated()) this.wait();
        else this.sigma.scheduleRender();
      },
      Math.max(REST, 2 * this.gap),
    );
  }

  /** How what was drawn last stands now: its scale, and where its corner is. */
  private moved(): [number, number, number] {
    const corners = [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ];
    // Sigma's own matrix is that of the last drawing: both are asked for by their camera.
    const at = (cameraState: CameraState): Place[] => corners.map((each) => this.sigma.framedGraphToViewport(each, { cameraState }));
    const [zero, one] = at(this.drawn);
    const [zeroNow, oneNow] = at(this.sigma.getCamera().getState());
    if (!zero || !one || !zeroNow || !oneNow) return [1, 0, 0];
    const scale = (oneNow.x - zeroNow.x) / (one.x - zero.x);
    return [scale, zeroNow.x - scale * zero.x, zeroNow.y - scale * zero.y];
  }

  /** Show the still, and put the layers it was made of aside; or the other way round. */
  private show(isStill: boolean): void {
    if (this.still.hidden !== isStill) return;
    this.still.hidden = !isStill;
    for (const layer of this.layers) layer.style.visibility = isStill ? "hidden" : "";
  }

  /** The picture was drawn: it is copied at once, since a browser keeps what WebGL drew only until it has shown it. */
  private settle(): void {
    this.drawn = this.sigma.getCamera().getState();
    if (this.isStilled) {
      const { width, height } = this.sigma.getDimensions();
      if (this.still.width !== width || this.still.height !== height) {
        this.still.width = width;
        this.still.height = height;
      }
      const pen = this.still.getContext("2d");
      pen?.clearRect(0, 0, width, height);
      for (const layer of this.layers) pen?.drawImage(layer, 0, 0, width, height);
      this.still.style.transform = "";
    }
    this.show(this.isStilled && this.sigma.getCamera().isAnimated());
  }
}
