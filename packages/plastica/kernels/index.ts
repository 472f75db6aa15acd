/** All kernels of the engine, as they are exported to its `compute` floor. */
export { CHUNK, gather, project, projectRow } from "./products";
export { allFinite, listActive, listByNeuron, sumMagnitudes } from "./activity";
export { fuses } from "./probe";
