import { aShareCalendar } from '#core/a-share-calendar.ts'
import { numbers } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'

/**
 * 价位计算日 among some dates: the last trading day of every week, and every day with ticks, because the tests of the next day read its levels.
 * Depends on each date alone, so that a day is one however many are asked for.
 */
export async function levelDates(engine: Engine, dates: readonly TradeDate[], options: Pick<QueryOptions, 'signal'>): Promise<readonly TradeDate[]> {
  const frame = await engine.frame('select distinct trade_date from fupan.ods_tick where trade_date between {from:UInt32} and {to:UInt32}', {
    ...options,
    params: { from: dates[0]!, to: dates.at(-1)! },
  })
  const withTicks = new Set<number>(numbers(frame, 'trade_date'))
  return dates.filter((date) => withTicks.has(date) || isLastOfWeek(date))
}

function isLastOfWeek(date: TradeDate): boolean {
  const at = aShareCalendar.indexOf(date)
  return date === aShareCalendar.to || weekOf(aShareCalendar.dateAt(at + 1)) !== weekOf(date)
}

/** Number of the week, Monday to Sunday, since an arbitrary Monday. */
function weekOf(date: TradeDate): number {
  const day = Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100) / 86_400_000
  return Math.floor((day + 3) / 7)
}
