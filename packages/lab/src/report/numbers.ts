/** How numbers are written for a reader. */

/** A share as a percentage: 0.934 is "93.4 %", with a space that does not break. */
export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)}\u00a0%` : "–";
}

/** A difference of shares in percentage points: 0.021 is "2.1 points". */
export function points(difference: number): string {
  const text = (Math.abs(difference) * 100).toFixed(1);
  return `${text} point${text === "1.0" ? "" : "s"}`;
}

/** A whole number with thin separators: 60000 is "60,000". */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A time: "42 s", "3 min 05 s", "2 h 10 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const s = Math.round(seconds);
  if (s < 60) return `${s}\u00a0s`;
  const [minutes, rest] = [Math.floor(s / 60), String(s % 60).padStart(2, "0")];
  if (minutes < 60) return `${minutes}\u00a0min ${rest}\u00a0s`;
  return `${Math.floor(minutes / 60)}\u00a0h ${String(minutes % 60).padStart(2, "0")}\u00a0min`;
}

/** "one task", "150 tasks". */
export function tasksOf(n: number): string {
  return several(n, "task");
}

/** "one window", "1,500 windows". */
export function several(n: number, thing: string): string {
  return n === 1 ? `one ${thing}` : `${count(n)} ${thing}s`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

export function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
