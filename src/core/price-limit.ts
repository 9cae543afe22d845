import type { Board, Exchange } from './code.ts'
import { ruleOn } from './dated.ts'
import { toTick } from './milli.ts'
import { noLimitDays } from './rules/no-limit-days.ts'
import { priceLimits, type LimitClass } from './rules/price-limits.ts'
import { dateOfDayNumber, dayNumber, formatDate, type TradeDate } from './trade-date.ts'

/** What the limit prices of a stock or fund on a day depend on. Prices in whole 厘. */
export interface LimitQuestion {
  /** 昨收 (ex-rights; on a first day the issue price), 厘, rounded half up to the tick. */
  readonly prevClose: number
  readonly exchange: Exchange
  readonly board: Board
  readonly date: TradeDate
  readonly isSt?: boolean
  readonly isFund?: boolean
  /** Whole percent where the product deviates from its class, such as 20 for a fund on a ChiNext or STAR index. */
  readonly percent?: number
  /** Market days since listing, listing day = 1. Absent or NaN: an old listing. */
  readonly listDays?: number
  /** Decides which first-day rule applies. Absent: the latest date `listDays` allows, right for every change so far (all fell on Mondays). */
  readonly listDate?: TradeDate
  /** S 股: share reform not completed. */
  readonly isSShare?: boolean
  /** Day of the delisting arrangement period, first day = 1; absent outside it. */
  readonly delistingDay?: number
  /** First day after a re-listing. */
  readonly isRelisting?: boolean
}

export type NoLimitReason = 'IPO_WINDOW' | 'RELIST' | 'DELIST_FIRST' | 'NONE'

/** 涨跌停价 in whole 厘, or why there is none. `percent` is absent on a first day bound to the issue price. */
export type Limits =
  | { readonly up: number; readonly down: number; readonly percent?: number; readonly noLimit?: undefined }
  | { readonly noLimit: NoLimitReason; readonly up?: undefined; readonly down?: undefined; readonly percent?: undefined }

/**
 * 涨跌停价 by whole-number arithmetic (spec warehouse-dwd §9): Shanghai and Shenzhen round half up to the tick, Beijing inwards,
 * always at least one tick from the previous close. Throws RangeError when the previous close is not positive or no rule covers the day.
 */
export function limitsOf(question: LimitQuestion): Limits {
  const { date, prevClose, exchange, isFund = false } = question
  const first = isFund ? undefined : firstDays(question)
  if (first?.band === undefined && first !== undefined) return { noLimit: first.reason }
  const limitClass = classOf(question)
  if (date < priceLimits.rows[limitClass][0]!.from) return { noLimit: 'NONE' }
  if (!(prevClose > 0))
    throw new RangeError(`Cannot compute price limits on ${formatDate(date)}: the previous close must be positive 厘, found ${prevClose}. Leave the stock out`)
  const tick = isFund ? 1 : 10
  const close = toTick(prevClose, tick) / tick
  if (first?.band !== undefined) return { up: halfUp(close, 100 + first.band.up) * tick, down: halfUp(close, 100 - first.band.down) * tick }
  const percent = question.percent ?? ruleOn(priceLimits, limitClass, date)
  const inward = exchange === 'BJ'
  const up = inward ? Math.floor((close * (100 + percent)) / 100) : halfUp(close, 100 + percent)
  const down = inward ? Math.ceil((close * (100 - percent)) / 100) : halfUp(close, 100 - percent)
  return { up: Math.max(up, close + 1) * tick, down: Math.max(Math.min(down, close - 1), 1) * tick, percent }
}

/** `percent` hundredths of a whole number, rounded half up. */
function halfUp(whole: number, percent: number): number {
  return Math.floor((2 * whole * percent + 100) / 200)
}

function firstDays(question: LimitQuestion): { readonly reason: NoLimitReason; readonly band?: { readonly up: number; readonly down: number } } | undefined {
  const { board, date, delistingDay, isRelisting = false, listDays } = question
  if (isRelisting && ruleOn(noLimitDays, 'relisting', date).days >= 1) return { reason: 'RELIST' }
  if (delistingDay !== undefined && delistingDay <= ruleOn(noLimitDays, 'delisting', date).days) return { reason: 'DELIST_FIRST' }
  if (listDays === undefined || !(listDays <= LONGEST)) return undefined
  const listed = question.listDate ?? dateOfDayNumber(dayNumber(date) - (listDays - 1))
  const rule = ruleOn(noLimitDays, board, listed)
  if (listDays > rule.days) return undefined
  return rule.band === undefined ? { reason: 'IPO_WINDOW' } : { reason: 'IPO_WINDOW', band: rule.band }
}

const LONGEST = Math.max(...Object.values(noLimitDays.rows).flatMap((rows) => rows.map((row) => row.value.days)))

function classOf({ board, isSt = false, isFund = false, isSShare = false, delistingDay }: LimitQuestion): LimitClass {
  if (isFund) return 'fund'
  if (board === 'chinext') return isSt ? 'chinext_st' : 'chinext'
  if (board !== 'main') return board
  if (isSShare) return 'main_s_share'
  if (delistingDay !== undefined) return 'main_delisting'
  return isSt ? 'main_st' : 'main'
}
