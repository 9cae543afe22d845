import type { CandidateRow } from '#core/candidate.ts'
import type { Commission } from '#core/rules/commission.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { DEFAULT_PARTICIPATION, type Participation } from './daily-matching.ts'
import type { Market } from './market.ts'
import { DEFAULT_SLIPPAGE, type Slippage } from './slippage.ts'

/** How a run is made; everything has a default. */
export interface RunOptions {
  /** First and last market day of the run; the whole market by default. Days before `from` are history. */
  readonly from?: TradeDate
  readonly to?: TradeDate
  /** CNY. */
  readonly cash?: number
  /** Recorded in the result; a strategy that draws takes it as a parameter. */
  readonly seed?: number | string
  readonly slippage?: Slippage
  /** The broker's terms; the dated default of core/rules/commission.ts when absent. */
  readonly commission?: Commission
  readonly participation?: Participation
  /** A limit order fills when the bar only touches its price. */
  readonly touchFills?: boolean
  /** Fraction taken off the last close of a suspended holding; 0 by default. */
  readonly suspendedHaircut?: number
  /** Multiplies commission, duty, transfer fee and slippage (not the dividend tax): 0, 1 or 2. */
  readonly costFactor?: number
  /** Market days by which every execution comes late; conditions on the open are judged on the day the order was meant for. */
  readonly delay?: number
  /** Market days by which features and level flows are read late. */
  readonly featureLag?: number
  /** Replaces the market's candidates: random levels, no absorption filter, no quality filter … */
  readonly candidates?: (rows: readonly CandidateRow[], market: Market) => readonly CandidateRow[]
  /** One level per market day of the whole market; NaN where missing. */
  readonly benchmark?: { readonly name: string; readonly level: Float64Array }
  /** Called after each day with the days done and all; returning false ends the run there, with what it has. */
  readonly onDay?: (done: number, days: number) => boolean | undefined
}

/** Options with every default filled in; days as places of the market. */
export interface RunSettings {
  readonly fromDay: number
  readonly toDay: number
  /** Whole 厘. */
  readonly cash: number
  readonly seed: number | string
  readonly slippage: Slippage
  readonly commission: Commission | undefined
  readonly participation: Participation
  readonly touchFills: boolean
  readonly suspendedHaircut: number
  readonly costFactor: number
  readonly delay: number
  readonly featureLag: number
  readonly candidates: readonly CandidateRow[]
}

/** Throws RangeError on a span without market days and on numbers that cannot be used. */
export function runSettings(market: Market, options: RunOptions): RunSettings {
  const { days } = market
  const first = days[0] ?? tradeDate(19900101)
  const { from = first, to = days.at(-1) ?? first, cash = 1_000_000, costFactor = 1, delay = 0, featureLag = 0, suspendedHaircut = 0, candidates } = options
  const fromDay = days.findIndex((date) => date >= from)
  const toDay = days.findLastIndex((date) => date <= to)
  if (fromDay < 0 || toDay < fromDay)
    throw new RangeError(`Cannot run from ${from} to ${to}: the span must hold market days, found ${days.length} from ${first}`)
  if (!(cash > 0 && cash < 1e12)) throw new RangeError(`Cannot run with ${cash} CNY: the opening cash lies between 0 and 10^12`)
  if (!(costFactor >= 0 && costFactor < 100)) throw new RangeError(`Cannot multiply costs by ${costFactor}: the factor lies between 0 and 100`)
  if (!(Number.isInteger(delay) && delay >= 0 && Number.isInteger(featureLag) && featureLag >= 0))
    throw new RangeError(`Cannot delay by ${delay} and ${featureLag} days: delays are whole days from 0`)
  if (!(suspendedHaircut >= 0 && suspendedHaircut <= 1))
    throw new RangeError(`Cannot take ${suspendedHaircut} off suspended holdings: the haircut is a fraction from 0 to 1`)
  return {
    fromDay,
    toDay,
    cash: Math.round(cash * 100) * 10,
    seed: options.seed ?? 0,
    slippage: options.slippage ?? DEFAULT_SLIPPAGE,
    commission: options.commission,
    participation: options.participation ?? DEFAULT_PARTICIPATION,
    touchFills: options.touchFills ?? false,
    suspendedHaircut,
    costFactor,
    delay,
    featureLag,
    candidates: candidates === undefined ? market.candidates : candidates(market.candidates, market),
  }
}
