// What the server tells of a network, as /api/v1/graph gives it.

export interface Claim {
  evidence_id: string;
  sentence: string;
  line: string;
  weight: number;
  n_rows: number;
}

export interface Node {
  id: string;
  label: string;
  role: string;
  role_label?: string;
  score?: number;
  x: number;
  y: number;
  from?: string | null;
  to?: string | null;
}

export interface Edge {
  from: string;
  to: string;
  label: string;
  weight?: number;
  claims?: Claim[];
  n_rows?: number;
  first: string | null;
  last: string | null;
}

export interface Told {
  nodes: Node[];
  edges: Edge[];
  n?: number;
}

export interface Step extends Edge {
  from_name: string;
  to_name: string;
}

/** A text with every hidden or direction-changing character written out, as the pages of the server show it. */
export function visible(text: string): string {
  return text.replace(/[\p{Cf}\p{Cc}\p{Co}\p{Cn}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu, (each) =>
    /[\t\n\r\v\f]/.test(each) ? " " : `⟨U+${each.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}

export async function asked<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const told = JSON.parse(await answer.text(), (_, each) => (typeof each === "string" ? visible(each) : each));
  if (!answer.ok) throw new Error(String(told.given ?? answer.status));
  return told as T;
}

/** Whether a span of days touches a month such as "2025-03"; what is not dated is always there. */
export function touches(first: string | null | undefined, last: string | null | undefined, month: string): boolean {
  if (!month) return true;
  if (!first && !last) return true;
  return (first ?? last ?? "").slice(0, 7) <= month && (last ?? first ?? "").slice(0, 7) >= month;
}

export function monthsOf(edges: Iterable<Edge>): string[] {
  const seen = new Set<string>();
  for (const edge of edges) {
    for (const day of [edge.first, edge.last]) if (day) seen.add(day.slice(0, 7));
  }
  const sorted = [...seen].sort();
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  if (!first || !last) return [];
  const months: string[] = [];
  let [year, month] = first.split("-").map(Number) as [number, number];
  while (`${year}-${String(month).padStart(2, "0")}` <= last) {
    months.push(`${year}-${String(month).padStart(2, "0")}`);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
  return months;
}
