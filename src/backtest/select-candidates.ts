import type { CandidateRow, DataGrade } from '#core/candidate.ts'
import type { Code } from '#core/code.ts'
import { toMilli, toTick } from '#core/milli.ts'
import type { Rng } from '#core/rng.ts'
import { tradeDate } from '#core/trade-date.ts'
import type { Market } from './market.ts'
import { CANDIDATE_PARAMS, chooseCandidate, NO_TESTS, type CandidateParams, type Choice, type ScoredLevel } from '#micro/choose-candidate.ts'

export { CANDIDATE_PARAMS, type CandidateParams }

/** The rows of `strategy_candidates` in columns, ordered by date. CNY of the trade date; NaN = not known. What was selected then does not matter here. */
export interface CandidateTable {
  readonly length: number
  readonly date: ArrayLike<number>
  readonly validFor: ArrayLike<number>
  readonly code: readonly Code[]
  readonly close: ArrayLike<number>
  readonly qualityZ: ArrayLike<number>
  readonly qualityPct: ArrayLike<number>
  readonly supportPrice: ArrayLike<number>
  readonly supportId: readonly string[]
  readonly isFlip: ArrayLike<number>
  readonly supportScore: ArrayLike<number>
  readonly supportPct: ArrayLike<number>
  readonly supportTests: ArrayLike<number>
  readonly supportStrength: ArrayLike<number>
  readonly resistancePrice: ArrayLike<number>
  readonly resistanceScore: ArrayLike<number>
  readonly resistancePct: ArrayLike<number>
  readonly target: ArrayLike<number>
  readonly isTradable: ArrayLike<number>
}

/**
 * What is taken away from the choice, to see what it was worth (spec backtest §8): nothing; the fund-quality filter; the level (entry at the last close);
 * the absorption scores; or the levels themselves, drawn at the distances of real ones.
 */
export type SelectionVariant = 'full' | 'no_fund_quality' | 'no_level' | 'price_only_levels' | 'random_levels'

export interface Selection {
  readonly params?: Partial<CandidateParams>
  readonly variant?: SelectionVariant
  /** 'TICK' (default): only what was measured on ticks. 'NONE': levels alone, for histories without ticks; fund quality and absorption are not asked for. */
  readonly grade?: DataGrade
  /** Draws the levels of `random_levels`. */
  readonly rng?: Rng
}

/** 选出候选 again from stored facts: the same six filters with any settings. Support and target prices come in the price scale of the day they are for. */
export function selectCandidates(table: CandidateTable, market: Market, selection: Selection = {}): readonly CandidateRow[] {
  const { variant = 'full', grade = 'TICK' } = selection
  const params = { ...CANDIDATE_PARAMS, ...selection.params }
  const distances = variant === 'random_levels' ? knownDistances(table, params) : []
  const { better, scored } = placesOf(table)
  const asksQuality = grade !== 'NONE' && variant !== 'no_fund_quality'
  const asksLevel = variant !== 'no_level' && variant !== 'random_levels'
  const rows: CandidateRow[] = []
  for (let row = 0; row < table.length; row++) {
    // Nine in ten fall here, before anything is made of them.
    if (table.isTradable[row] !== 1 || (asksQuality && !(better[row]! < Math.ceil(params.qualityShare * scored[row]!)))) continue
    if (asksLevel && !isNear(table.close[row]! / table.supportPrice[row]! - 1, params)) continue
    const support = supportOf(table, row, variant, distances, selection.rng)
    const choice = choose(table, row, { support, better: better[row]!, scored: scored[row]!, params })
    if (isAccepted(choice, variant, grade, params)) rows.push(...candidateOf(table, row, market, choice, { grade, stopPct: params.stopPct }))
  }
  return rows
}

/** Per row, how many of its day's scored stocks have a greater z (NaN for a stock without one), and how many are scored. Worked out once a table. */
interface Places {
  readonly better: Float64Array
  readonly scored: Float64Array
}

const places = new WeakMap<CandidateTable, Places>()

function placesOf(table: CandidateTable): Places {
  const kept = places.get(table)
  if (kept !== undefined) return kept
  const found = { better: new Float64Array(table.length).fill(NaN), scored: new Float64Array(table.length) }
  for (let from = 0; from < table.length;) {
    let to = from + 1
    while (to < table.length && table.date[to] === table.date[from]) to++
    const best = rowsBetween(from, to)
      .filter((row) => !Number.isNaN(table.qualityZ[row]!))
      .toSorted((a, b) => table.qualityZ[b]! - table.qualityZ[a]!)
    for (const [place, row] of best.entries()) {
      const before = best[place - 1]
      found.better[row] = before !== undefined && table.qualityZ[before] === table.qualityZ[row] ? found.better[before]! : place
    }
    found.scored.fill(best.length, from, to)
    from = to
  }
  places.set(table, found)
  return found
}

function isNear(distance: number, { minDistance, maxDistance }: CandidateParams): boolean {
  return distance >= minDistance && distance <= maxDistance
}

interface Asked {
  readonly support: ScoredLevel | undefined
  readonly better: number
  readonly scored: number
  readonly params: CandidateParams
}

function choose(table: CandidateTable, row: number, { support, better, scored, params }: Asked): Choice {
  const resistance = table.resistancePrice[row]!
  const levels = [
    ...(support === undefined ? [] : [support]),
    ...(resistance > 0
      ? [
          {
            ...UNTESTED,
            id: '',
            price: resistance,
            type: 'resistance' as const,
            resistanceScore: table.resistanceScore[row]!,
            resistancePct: table.resistancePct[row]!,
          },
        ]
      : []),
  ]
  return chooseCandidate(
    {
      close: table.close[row]!,
      upperBand: table.target[row]!,
      isSuspended: table.isTradable[row] !== 1,
      isLimitDown: false,
      isExcluded: false,
      qualityZ: table.qualityZ[row]!,
      qualityPct: table.qualityPct[row]!,
      better: Number.isNaN(better) ? scored : better,
      scored,
      levels,
    },
    params,
  )
}

/** A level nobody tested, as strong as can be. */
const UNTESTED = { ...NO_TESTS, strength: 1 } as const

function supportOf(table: CandidateTable, row: number, variant: SelectionVariant, distances: readonly number[], rng: Rng | undefined): ScoredLevel | undefined {
  const close = table.close[row]!
  const scores = { supportScore: table.supportScore[row]!, supportPct: table.supportPct[row]!, supportTests: table.supportTests[row]! }
  if (variant === 'no_level') return { ...UNTESTED, id: 'close', price: close, type: 'support' }
  if (variant === 'random_levels') {
    if (distances.length === 0 || rng === undefined) return undefined
    return { ...UNTESTED, id: 'random', price: close / (1 + distances[rng.integer(0, distances.length - 1)]!), type: 'support' }
  }
  const price = table.supportPrice[row]!
  if (!(price > 0)) return undefined
  const isFlip = table.isFlip[row] === 1
  return {
    ...UNTESTED,
    id: table.supportId[row]!,
    price,
    type: isFlip ? 'flip' : 'support',
    strength: table.supportStrength[row]!,
    ...(isFlip ? { flipScore: scores.supportScore, flipPct: scores.supportPct, flipTests: scores.supportTests } : scores),
  }
}

/** close / support - 1 of every row whose support lies within reach: what random levels are drawn from. */
function knownDistances(table: CandidateTable, params: CandidateParams): readonly number[] {
  return rowsBetween(0, table.length)
    .map((row) => table.close[row]! / table.supportPrice[row]! - 1)
    .filter((distance) => isNear(distance, params))
}

/** Whether all filters that count in this variant said yes. A filter that only lacked what was taken away does not count. */
function isAccepted({ steps, support, distance }: Choice, variant: SelectionVariant, grade: DataGrade, params: CandidateParams): boolean {
  const hasNoFlow = grade === 'NONE' || variant === 'price_only_levels' || variant === 'no_level' || variant === 'random_levels'
  return steps.every(({ filter, pass }) => {
    if (pass) return true
    if (filter === 'F2') return grade === 'NONE' || variant === 'no_fund_quality'
    // Untested, seldom tested or poorly absorbed: all of them speak of the flow. A level that is weak or far is no level to trade at.
    if (filter === 'F3') return hasNoFlow && support !== undefined && support.strength >= params.minStrength && isNear(distance, params)
    if (filter === 'F4') return hasNoFlow
    return false
  })
}

function candidateOf(
  table: CandidateTable,
  row: number,
  market: Market,
  choice: Choice,
  { grade, stopPct }: { readonly grade: DataGrade; readonly stopPct: number },
): readonly CandidateRow[] {
  const code = table.code[row]!
  const stock = market.stock(code)
  const [today, next] = [market.place(table.date[row]!), market.place(table.validFor[row]!)]
  if (stock === undefined || today === undefined || next === undefined || choice.support === undefined) return []
  const { adjFactor, first, tick } = market.stocks[stock]!
  const ratio = adjFactor[today - first]! / adjFactor[next - first]!
  if (!(ratio > 0)) return []
  const inBasis = (price: number) => toTick(toMilli(price) * ratio, tick) / 1000
  const known = (name: 'qualityPct' | 'supportPct' | 'resistancePct', value: number) => (Number.isNaN(value) ? {} : { [name]: value })
  return [
    {
      date: tradeDate(table.date[row]!),
      validFor: tradeDate(table.validFor[row]!),
      code,
      supportPrice: inBasis(choice.support.price),
      supportLevelId: choice.support.id,
      ...(Number.isNaN(choice.target) ? {} : { resistancePrice: inBasis(choice.target) }),
      stopPct,
      // Without flow the order of cash is that of the level's strength.
      rankScore: Number.isNaN(choice.rankScore) ? choice.support.strength : choice.rankScore,
      ...known('qualityPct', table.qualityPct[row]!),
      ...known('supportPct', choice.supportPct),
      ...known('resistancePct', table.resistancePct[row]!),
      grade,
    },
  ]
}

function rowsBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
