/** Where things are in a run's folder. */
import { join } from "node:path";

export const recipePath = (folder: string): string => join(folder, "recipe.json");
export const reportPath = (folder: string): string => join(folder, "report.html");
export const learnerFolder = (folder: string, name: string): string => join(folder, name);
export const eventsPath = (folder: string, name: string): string => join(folder, name, "events.jsonl");
export const metricsPath = (folder: string, name: string): string => join(folder, name, "metrics.parquet");
export const snapshotsPath = (folder: string, name: string): string => join(folder, name, "snapshots");
