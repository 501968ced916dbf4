// What the pointer is on, found by arithmetic. Sigma draws everything a second time in colours that stand for ids and
// reads a pixel of that back; where the processor draws, each such look waits for all that is still to be drawn.
import type Sigma from "sigma";

/** Pixels beside a tie that still count as on it. */
const BESIDE = 3;

interface Place {
  x: number;
  y: number;
}

interface Pointed {
  getNodeAtPosition(at: Place): string | null;
  getEdgeAtPoint(x: number, y: number): string | null;
}

type Program = new (gl: WebGL2RenderingContext, picking: WebGLFramebuffer | null, sigma: Sigma) => object;

/** A program of sigma that draws once, for the eye only. */
export function seen<T>(program: T): T {
  const Whole = program as unknown as Program;
  return class extends Whole {
    constructor(gl: WebGL2RenderingContext, _: WebGLFramebuffer | null, sigma: Sigma) {
      super(gl, null, sigma);
    }
  } as unknown as T;
}

/** Let sigma ask here what the pointer is on. */
export function pointing(sigma: Sigma): void {
  const graph = sigma.getGraph();
  const asked = sigma as unknown as Pointed;
  asked.getNodeAtPosition = (at) => {
    const here = sigma.viewportToFramedGraph(at);
    const pixel = Math.abs(sigma.viewportToFramedGraph({ x: at.x + 1, y: at.y }).x - here.x);
    let [found, nearest, above] = ["", Infinity, -1];
    graph.forEachNode((id) => {
      const each = sigma.getNodeDisplayData(id);
      if (!each || each.hidden || each.zIndex < above) return;
      const far = Math.hypot(each.x - here.x, each.y - here.y);
      if (far <= sigma.scaleSize(each.size) * pixel && (each.zIndex > above || far < nearest)) {
        [found, nearest, above] = [id, far, each.zIndex];
      }
    });
    return found || null;
  };
  asked.getEdgeAtPoint = (x, y) => {
    const here = sigma.viewportToFramedGraph({ x, y });
    const pixel = Math.abs(sigma.viewportToFramedGraph({ x: x + 1, y }).x - here.x);
    let [found, nearest] = ["", Infinity];
    graph.forEachEdge((id, _, from, to) => {
      const [each, one, other] = [sigma.getEdgeDisplayData(id), sigma.getNodeDisplayData(from), sigma.getNodeDisplayData(to)];
      if (!each || !one || !other || each.hidden) return;
      const far = beside(here, one, other);
      if (far <= (sigma.scaleSize(each.size) / 2 + BESIDE) * pixel && far < nearest) [found, nearest] = [id, far];
    });
    return found || null;
  };
}

/** How far a place is from a straight line between two others. */
function beside(at: Place, one: Place, other: Place): number {
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const along = ((at.x - one.x) * dx + (at.y - one.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(one.x + share * dx - at.x, one.y + share * dy - at.y);
}
