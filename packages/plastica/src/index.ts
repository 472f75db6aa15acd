/**
 * Plastica: networks that never stop learning.
 *
 *     const net = sequential({ inputs: 784, seed: 1 }, [dense(100, relu()), dense(10)]);
 *     const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.01 }) });
 *     const seen = learner.observe(x, y); // predicts first, then learns
 */

export { Digest } from "./compute/digest.ts";
export { cosTurns, exponential, ln, sinTurns } from "./compute/elementary.ts";
export {
  bernoulli,
  derive,
  integer,
  type Key,
  key,
  normal,
  permutation,
  shuffled,
  threefry,
  uniform,
} from "./compute/random.ts";
// Files, draws, errors
export { readSafetensors, type Tensor, writeSafetensors } from "./compute/safetensors.ts";
export { backprop } from "./credit/backprop.ts";
export type { Credit, Learning } from "./credit/credit.ts";
export { type Loss, outputSymbols, pointwiseLoss, type Target } from "./credit/loss.ts";
export { binaryCrossEntropy, crossEntropy, losses, squaredError } from "./credit/losses.ts";
export { unsupervised } from "./credit/unsupervised.ts";
export * from "./errors.ts";
// Learning
export {
  type BatchObservation,
  type BatchOptions,
  type Learner,
  type LifeOptions,
  live,
  type Observation,
  type ObserveOptions,
} from "./life/learner.ts";
export { networkOf } from "./life/network-file.ts";
export type { Uncertainty } from "./life/uncertainty.ts";
export { type Asked, type DistillationOptions, distillation, type Teacher } from "./memory/distillation.ts";
export { ExampleMemory, type ExampleMemoryOptions } from "./memory/example-memory.ts";
export type { Kernel } from "./network/convolutional-projection.ts";
export {
  type Initialiser,
  initialisers,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  orthogonal,
  pytorchDefault,
  xavierNormal,
  xavierUniform,
  zeros,
} from "./network/initialisers.ts";
export type { Extent, MapShape } from "./network/map.ts";
export { Network, type NetworkOptions } from "./network/network.ts";
export { type NeuronDefinition, type NeuronModel, neuron } from "./network/neuron.ts";
export { crelu, gelu, leakyRelu, linear, neuronModels, relu, sigmoid, softplus, tanh } from "./network/neurons.ts";
export { averagePool, globalAverage, maxPool, type Pooling, type PoolOptions } from "./network/pooling.ts";
export type { Neuron, Population } from "./network/population.ts";
export type { Projection } from "./network/projection.ts";
// Networks
export {
  type ConvOptions,
  conv,
  type DenseOptions,
  dense,
  type ImageShape,
  type LayerSpec,
  type SequentialOptions,
  sequential,
} from "./network/sequential.ts";
export type { Dropout, DropoutAtWork, Silencing } from "./network/silencing.ts";
// Rules
export * from "./rules/index.ts";
export { type ContinualBackpropOptions, continualBackprop } from "./structure/continual-backprop.ts";
export { costOf } from "./structure/cycle/budget.ts";
export { type NeuroplasticityOptions, neuroplasticity } from "./structure/cycle/neuroplasticity.ts";
export { type CycleOptions, type CyclePreset, cyclePresets } from "./structure/cycle/options.ts";
export type { Plan, Proposal, Situation } from "./structure/cycle/proposals/proposal.ts";
export * from "./structure/dropout/index.ts";
export type {
  Born,
  Consolidated,
  Decided,
  Died,
  Frozen,
  Layered,
  LifeEvent,
  Listener,
  Rewired,
  Succeeded,
  Treated,
} from "./structure/events.ts";
export { gradientOf } from "./structure/gradients.ts";
export type { Criterion, Demand, Judged, Watch } from "./structure/growth/criteria/criterion.ts";
export { type CriterionName, criteria as growthCriteria } from "./structure/growth/criteria/index.ts";
export { dropin } from "./structure/growth/dropin.ts";
export type { DropinOptions } from "./structure/growth/dropin-options.ts";
export { type Growth, type GrowthOptions, growNeurons } from "./structure/growth/grow.ts";
export { growBeside, growBetween, type LayerGrowth } from "./structure/growth/layers.ts";
export type { OldWeights } from "./structure/growth/old-weights.ts";
export { type WayName, ways as growthWays } from "./structure/growth/ways/index.ts";
export type { Change, Offspring, Wanted, Way } from "./structure/growth/ways/way.ts";
export {
  addLayer,
  insertLayer,
  type LayerBeside,
  type LayerEndowment,
  type NewLayer,
  removeLayer,
} from "./structure/layers.ts";
export type {
  Announce,
  Evaluation,
  Examples,
  Life,
  Moment,
  PolicyAtWork,
  StructuralPolicy,
  Visitor,
} from "./structure/policy.ts";
export { type GroupLassoOptions, groupLasso } from "./structure/pruning/group-lasso.ts";
export { type LotteryTicketsOptions, lotteryTickets, type Ticket } from "./structure/pruning/lottery-tickets.ts";
export { type Granularity, type PruningOptions, pruning } from "./structure/pruning/pruning.ts";
export { type ScoreName, scores as pruningScores } from "./structure/pruning/scores/index.ts";
export {
  type Gathered,
  type OfActivity,
  type OfGradient,
  type Score,
  synapse as synapseSymbols,
} from "./structure/pruning/scores/score.ts";
export { rejuvenate, returnToBirth } from "./structure/renewal/renewal.ts";
export { birth, death, type Endowment, type Occasion, replace } from "./structure/structure.ts";
export { type SuccessionOptions, succession } from "./structure/succession.ts";
export {
  absent,
  density,
  freeze,
  learnBySynapse,
  places,
  present,
  prune,
  type Rewiring,
  regrow,
  rewire,
  thaw,
} from "./structure/synapses.ts";
export { type PacknetOptions, packnet } from "./structure/tasks/packnet.ts";
export {
  addStrand,
  type NewStrand,
  type ProgressiveColumnsOptions,
  progressiveColumns,
} from "./structure/tasks/progressive-columns.ts";
export { type FireOptions, fire } from "./structure/turnover/fire.ts";
export { type GranetOptions, granet } from "./structure/turnover/granet.ts";
export { type HareAndTortoiseOptions, hareAndTortoise } from "./structure/turnover/hare-and-tortoise.ts";
export {
  type NeuroplasticExpansionOptions,
  neuroplasticExpansion,
} from "./structure/turnover/neuroplastic-expansion.ts";
export {
  type PeriodicShrinkAndPerturbOptions,
  periodicShrinkAndPerturb,
} from "./structure/turnover/periodic-shrink-and-perturb.ts";
export {
  injectPlasticity,
  type PlasticityInjectionOptions,
  plasticityInjection,
} from "./structure/turnover/plasticity-injection.ts";
export { type RedoOptions, redo } from "./structure/turnover/redo.ts";
export { type RiglOptions, rigl } from "./structure/turnover/rigl.ts";
export {
  type SelfNormalisedResetsOptions,
  selfNormalisedResets,
} from "./structure/turnover/self-normalised-resets.ts";
export { type SparseEvolutionaryTrainingOptions, sparseEvolutionaryTraining } from "./structure/turnover/set.ts";
export { type StaticMaskOptions, staticMask } from "./structure/turnover/static-mask.ts";
export { type UtilityName, utilities } from "./structure/utility.ts";
