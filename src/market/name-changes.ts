import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import { dateOfDayNumber, dayNumber, type TradeDate } from '#core/trade-date.ts'
import type { DailyBars } from './daily-bars.ts'
import { STATUS } from './listing-status.ts'
import { nameUnder } from './stock.ts'
import type { World } from './world.ts'

/** 简称变更: a short name of a stock and the calendar days it was shown on. */
export interface ShownName {
  readonly name: string
  readonly from: TradeDate
  /** Last calendar day; undefined while it is shown. */
  readonly to: TradeDate | undefined
  /** The open day before, on whose evening a change of status is made known; undefined where the listing itself brings the name. */
  readonly announced: TradeDate | undefined
  readonly reason: string
}

/**
 * The names of one stock, first to last (spec simulator §3.3): the name under its status, with N on the first day and C on days 2 to 5 of a listing. A stock listed
 * before the world begins bore its plain name until then.
 */
export function shownNames({ dates }: World, { stock, status }: DailyBars): readonly ShownName[] {
  const first = Math.max(0, stock.listDay)
  const names: { name: string; from: TradeDate; to?: TradeDate; announced?: TradeDate; reason: string }[] = []
  if (stock.listDay < 0) names.push({ name: stock.name, from: stock.listDate, reason: '上市' })
  let before: number = STATUS.normal
  for (let day = first; day < dates.length; day++) {
    const [date, now] = [dates[day]!, status[day]!]
    const name = nameUnder(stock, now, day - stock.listDay + 1)
    const last = names.at(-1)
    if (name !== last?.name) {
      if (last !== undefined) last.to = dateOfDayNumber(dayNumber(date) - 1)
      names.push({ name, from: date, reason: reasonOf(before, now), ...(now !== before && day > 0 ? { announced: dates[day - 1]! } : {}) })
    }
    before = now
  }
  return names.map((own) => ({ to: undefined, announced: undefined, ...own }))
}

/** The vendor's word for why the name changed. */
function reasonOf(before: number, now: number): string {
  if (now === before) return '上市'
  if (now === STATUS.st) return 'ST'
  if (now === STATUS.starSt) return '*ST'
  if (now === STATUS.normal) return before === STATUS.starSt ? '撤销*ST' : '撤销ST'
  return '终止上市'
}

/** `namechange` (spec warehouse-ods §5.19): all names of the stocks, by code and date. */
export function nameChangeFrame(world: World, bars: readonly DailyBars[]): Frame {
  const rows = bars.flatMap((own) => shownNames(world, own).map((shown) => ({ code: own.stock.code, ...shown })))
  return frameOf({
    ts_code: toLabels(rows.map(({ code }) => code)),
    name: toLabels(rows.map(({ name }) => name)),
    start_date: Uint32Array.from(rows, ({ from }) => from),
    end_date: Float64Array.from(rows, ({ to }) => to ?? NaN),
    ann_date: Float64Array.from(rows, ({ announced }) => announced ?? NaN),
    change_reason: toLabels(rows.map(({ reason }) => reason)),
  })
}
