/** Settings of spec microstructure §10. Shares, distances and percentiles as fractions. */
export interface CandidateParams {
  /** F2: the best share of the day's scored stocks. */
  readonly qualityShare: number
  /** F3: a level counts as below up to this multiple of itself above the close. */
  readonly belowReach: number
  readonly minSupportPct: number
  readonly minTests: number
  readonly minStrength: number
  /** F3: lowest and highest close / L - 1. */
  readonly minDistance: number
  readonly maxDistance: number
  /** F4: a resistance farther above than this does not matter. */
  readonly resistanceReach: number
  readonly maxResistanceScore: number
  readonly minFlipScore: number
  /** The stop lies this fraction below the support. */
  readonly stopPct: number
  /** F5: reward over risk at the support. */
  readonly minRoom: number
}

export const CANDIDATE_PARAMS: CandidateParams = Object.freeze({
  qualityShare: 0.3,
  belowReach: 1.005,
  minSupportPct: 0.7,
  minTests: 1,
  minStrength: 0.35,
  minDistance: -0.005,
  maxDistance: 0.05,
  resistanceReach: 0.1,
  maxResistanceScore: 0.6,
  minFlipScore: 0.6,
  stopPct: 0.015,
  minRoom: 1.5,
})

/** One level of a stock as the choice sees it. Price in CNY of the day; NaN = not known. */
export interface ScoredLevel {
  readonly id: string
  readonly price: number
  readonly type: 'support' | 'resistance' | 'flip'
  readonly strength: number
  readonly supportScore: number
  readonly supportPct: number
  readonly supportTests: number
  readonly flipScore: number
  readonly flipPct: number
  readonly flipTests: number
  readonly resistanceScore: number
  readonly resistancePct: number
}

/** The scores of a level nobody tested. */
export const NO_TESTS = {
  supportScore: NaN,
  supportPct: NaN,
  supportTests: 0,
  flipScore: NaN,
  flipPct: NaN,
  flipTests: 0,
  resistanceScore: NaN,
  resistancePct: NaN,
} as const satisfies Partial<ScoredLevel>

/** What is known of a stock after the close of the day. CNY; NaN = not known. */
export interface CandidateFacts {
  readonly close: number
  /** Upper Bollinger band. */
  readonly upperBand: number
  readonly isSuspended: boolean
  readonly isLimitDown: boolean
  /** Risk warning or delisting arrangement. */
  readonly isExcluded: boolean
  readonly qualityZ: number
  readonly qualityPct: number
  /** How many of the day's scored pool stocks have a greater z, and how many are scored. */
  readonly better: number
  readonly scored: number
  readonly levels: readonly ScoredLevel[]
}

export const FILTERS = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6'] as const
export type FilterName = (typeof FILTERS)[number]

/** One question put to a stock: what was found, what was asked for, and the answer. */
export interface FilterStep {
  readonly filter: FilterName
  readonly pass: boolean
  /** Absent = nothing was found to judge by. */
  readonly value?: number
  readonly threshold: number
  /** Why, where the numbers alone do not say it: untested, no_level, far, few_tests, weak, no_resistance, flipped, no_target, suspended, limit_down, excluded. */
  readonly note?: string
}

/** 选择: the answer to one stock, with the whole trail. Prices in CNY. */
export interface Choice {
  readonly selected: boolean
  readonly firstFailed: FilterName | undefined
  readonly steps: readonly FilterStep[]
  /** The nearest level below and above; absent = none. */
  readonly support: ScoredLevel | undefined
  readonly resistance: ScoredLevel | undefined
  /** Percentile of the support's own score (of a flip: its flip score); NaN = untested. */
  readonly supportPct: number
  readonly supportScore: number
  readonly supportTests: number
  /** close / support - 1; NaN without a support. */
  readonly distance: number
  /** The nearest resistance, else the upper band; NaN = neither. */
  readonly target: number
  readonly stop: number
  /** (target - support) / (support - stop); NaN = not known. */
  readonly room: number
  readonly rankScore: number
}

/**
 * 候选选择 (spec microstructure §10): one stock of the active pool against the six filters, in order. Every filter is asked even after one said no, so that
 * the trail is whole. A pure function of what was known after the close; the backtester calls the same one.
 */
export function chooseCandidate(facts: CandidateFacts, params: CandidateParams = CANDIDATE_PARAMS): Choice {
  const { close, levels } = facts
  const support = nearestBelow(levels, close, params)
  const resistance = nearestAbove(levels, close, params)
  const own = support === undefined ? UNTESTED : scoreOf(support)
  const target = resistance?.price ?? facts.upperBand
  const stop = support === undefined ? NaN : support.price * (1 - params.stopPct)
  const room = support === undefined ? NaN : (target - support.price) / (support.price - stop)
  const distance = support === undefined ? NaN : close / support.price - 1
  const steps: readonly FilterStep[] = [
    { filter: 'F1', pass: true, threshold: 1, value: 1 },
    qualityStep(facts, params),
    supportStep(support, own, distance, params),
    resistanceStep(resistance, close, params),
    roomStep(room, target, params),
    tradableStep(facts),
  ]
  const firstFailed = steps.find(({ pass }) => !pass)?.filter
  return {
    selected: firstFailed === undefined,
    firstFailed,
    steps,
    support,
    resistance,
    supportPct: own.pct,
    supportScore: own.score,
    supportTests: own.tests,
    distance,
    target,
    stop,
    room,
    rankScore: rankScoreOf(facts.qualityPct, own.pct, resistance?.resistancePct ?? NaN),
  }
}

/** 0.40 fund quality + 0.35 support + 0.25 (1 - resistance), percentiles; an unknown resistance counts as 0.5; NaN when one of the others is unknown. */
export function rankScoreOf(qualityPct: number, supportPct: number, resistancePct: number): number {
  return 0.4 * qualityPct + 0.35 * supportPct + 0.25 * (1 - (Number.isNaN(resistancePct) ? 0.5 : resistancePct))
}

const UNTESTED = { score: NaN, pct: NaN, tests: 0 }

function scoreOf(level: ScoredLevel) {
  return level.type === 'flip'
    ? { score: level.flipScore, pct: level.flipPct, tests: level.flipTests }
    : { score: level.supportScore, pct: level.supportPct, tests: level.supportTests }
}

function nearestBelow(levels: readonly ScoredLevel[], close: number, { belowReach }: CandidateParams): ScoredLevel | undefined {
  return levels
    .filter(({ type, price }) => type !== 'resistance' && price <= close * belowReach)
    .reduce<ScoredLevel | undefined>((nearest, level) => (nearest === undefined || level.price > nearest.price ? level : nearest), undefined)
}

/** Above what counts as below: a flip just overhead may be the one the price came from. */
function nearestAbove(levels: readonly ScoredLevel[], close: number, { belowReach }: CandidateParams): ScoredLevel | undefined {
  return levels
    .filter(({ type, price }) => price > close && (type === 'resistance' || price > close * belowReach))
    .reduce<ScoredLevel | undefined>((nearest, level) => (nearest === undefined || level.price < nearest.price ? level : nearest), undefined)
}

function qualityStep({ qualityZ, better, scored }: CandidateFacts, { qualityShare }: CandidateParams): FilterStep {
  const places = Math.ceil(qualityShare * scored)
  if (Number.isNaN(qualityZ)) return { filter: 'F2', pass: false, threshold: places, note: 'no_score' }
  return { filter: 'F2', pass: better < places, value: better + 1, threshold: places }
}

function supportStep(support: ScoredLevel | undefined, own: { pct: number; tests: number }, distance: number, params: CandidateParams): FilterStep {
  const threshold = params.minSupportPct
  if (support === undefined) return { filter: 'F3', pass: false, threshold, note: 'no_level' }
  const step = { filter: 'F3', threshold, ...(Number.isNaN(own.pct) ? {} : { value: own.pct }) } as const
  const note = Number.isNaN(own.pct)
    ? 'untested'
    : own.tests < params.minTests
      ? 'few_tests'
      : support.strength < params.minStrength
        ? 'weak'
        : distance < params.minDistance || distance > params.maxDistance
          ? 'far'
          : undefined
  if (note !== undefined) return { ...step, pass: false, note }
  return { ...step, pass: own.pct >= threshold }
}

function resistanceStep(resistance: ScoredLevel | undefined, close: number, params: CandidateParams): FilterStep {
  const threshold = params.maxResistanceScore
  if (resistance === undefined || resistance.price > close * (1 + params.resistanceReach)) return { filter: 'F4', pass: true, threshold, note: 'no_resistance' }
  if (resistance.type === 'flip') {
    const value = resistance.flipScore
    if (Number.isNaN(value)) return { filter: 'F4', pass: true, threshold: params.minFlipScore, note: 'untested' }
    return { filter: 'F4', pass: value >= params.minFlipScore, value, threshold: params.minFlipScore, note: 'flipped' }
  }
  const value = resistance.resistanceScore
  if (Number.isNaN(value)) return { filter: 'F4', pass: true, threshold, note: 'untested' }
  return { filter: 'F4', pass: value <= threshold, value, threshold }
}

function roomStep(room: number, target: number, { minRoom }: CandidateParams): FilterStep {
  if (Number.isNaN(room)) return { filter: 'F5', pass: false, threshold: minRoom, note: Number.isNaN(target) ? 'no_target' : 'no_level' }
  return { filter: 'F5', pass: room >= minRoom, value: room, threshold: minRoom }
}

function tradableStep({ isSuspended, isLimitDown, isExcluded }: CandidateFacts): FilterStep {
  const note = isSuspended ? 'suspended' : isLimitDown ? 'limit_down' : isExcluded ? 'excluded' : undefined
  return { filter: 'F6', pass: note === undefined, threshold: 1, value: note === undefined ? 1 : 0, ...(note === undefined ? {} : { note }) }
}
