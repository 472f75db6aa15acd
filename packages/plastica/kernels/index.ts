/** All kernels of the engine, as they are exported to its `compute` floor. */
export { CHUNK, gather, project, projectRow } from "./products";
export { gatherPresent, gradientPresent, markPresent, projectPresent, projectPresentRows, scatterPresent } from "./blocks";
export { allFinite, listActive, listByNeuron, sumMagnitudes } from "./activity";
export { fuses } from "./probe";
