/** All kernels of the engine, as they are exported to its `compute` floor. */
export { CHUNK, gather, project, projectActive, projectRow } from "./products";
export { gatherPresent, gradientPresent, markPresent, projectPresent, projectPresentRows, scatterPresent } from "./blocks";
export { allFinite, listActive, listByNeuron, sumMagnitudes } from "./activity";
export { convolve, layOut, placeWindows, sow, takeUp } from "./convolution";
export { denormaliseLayer, normaliseLayer } from "./layer-norm";
export { pool, unpool } from "./pooling";
export { fuses } from "./probe";
export { collect, gradientSynapses, projectSynapses } from "./synapses";
export { play } from "./tape";
export { transpose } from "./transpose";
