/** All kernels of the engine, as they are exported to its `compute` floor. */
export { CHUNK, gather, project, projectRow } from "./products";
export { allFinite, listActive, sumMagnitudes, transposeList } from "./activity";
export { fuses } from "./probe";
