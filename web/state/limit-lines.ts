import { exchangeOf, isFundCode, readCode, type Board } from '#core/code.ts'
import { limitsOf } from '#core/price-limit.ts'
import { tradeDate } from '#core/trade-date.ts'

/** What the price limits of a day follow from, as the routes tell it. Prices in CNY. */
export interface LimitFacts {
  readonly code: string
  readonly name: string
  readonly board: string
  /** YYYYMMDD */
  readonly date: number
  readonly previousClose: number | null
}

const BOARDS: readonly Board[] = ['main', 'chinext', 'star', 'bse']

/**
 * 涨跌停价 of a day in CNY by the dated rules of core; undefined without a previous close or where no limit holds. ST is read from the name.
 * `listDays`: market days since the listing, absent = an old listing.
 */
export function limitLines(
  { code, name, board, date, previousClose }: LimitFacts,
  listDays?: number,
): { readonly up: number; readonly down: number } | undefined {
  const own = BOARDS.find((one) => one === board)
  if (own === undefined || previousClose === null || !(previousClose > 0)) return undefined
  const stock = readCode(code)
  const limits = limitsOf({
    prevClose: Math.round(previousClose * 1000),
    exchange: exchangeOf(stock),
    board: own,
    date: tradeDate(date),
    isFund: isFundCode(stock),
    isSt: /^\*?ST/i.test(name),
    ...(listDays === undefined ? {} : { listDays }),
  })
  return limits.noLimit === undefined ? { up: limits.up / 1000, down: limits.down / 1000 } : undefined
}
