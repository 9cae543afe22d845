import { exchangeOf } from '#core/code.ts'
import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import type { DaySpan } from './bar-rows.ts'
import type { DailyBars } from './daily-bars.ts'
import { marginTargets } from './margin-targets.ts'
import { walkMargin } from './margin-walk.ts'
import { stockRows } from './stock-rows.ts'
import { nameUnder } from './stock.ts'
import type { World } from './world.ts'

const EXCHANGES = { SH: 'SSE', SZ: 'SZSE', BJ: 'BSE' } as const

/** `margin_detail` (spec simulator §9.7, warehouse-ods §5.12): balances and flows of `part` of the stocks in CNY and shares; `bars` are all stocks of the world. By stock, then date. */
export function marginDetailFrame(world: World, bars: readonly DailyBars[], part: readonly DailyBars[], { first, last }: DaySpan): Frame {
  const targets = new Map(marginTargets(world, bars).map((isTarget, k) => [bars[k]!, isTarget]))
  const rows = stockRows(part, part.length * (last - first + 1), ['rzye', 'rzmre', 'rzche', 'rqye', 'rqyl', 'rqmcl', 'rqchl', 'rzrqye'])
  const { columns } = rows
  const names: string[] = []
  for (const [k, own] of part.entries())
    walkMargin(world, own, targets.get(own)!, last, (day, margin) => {
      if (day < first) return
      const row = rows.add(k, world.dates[day]!)
      names.push(nameUnder(own.stock, own.status[day]!, day - own.stock.listDay + 1))
      columns.rzye[row] = margin.balance
      columns.rzmre[row] = margin.bought
      columns.rzche[row] = margin.repaid
      columns.rqye[row] = margin.shortValue / 100
      columns.rqyl[row] = margin.short
      columns.rqmcl[row] = margin.sold
      columns.rqchl[row] = margin.returned
      columns.rzrqye[row] = (100 * margin.balance + margin.shortValue) / 100
    })
  return frameOf({ ...rows.frame().columns, name: toLabels(names) })
}

/** `margin` (spec warehouse-ods §5.11): the sums of all details by exchange; a row for each exchange and day with any. By date. */
export function marginFrame(world: World, bars: readonly DailyBars[], { first, last }: DaySpan): Frame {
  const targets = marginTargets(world, bars)
  const days = last - first + 1
  const totals = new Map(Object.values(EXCHANGES).map((name) => [name, Array.from({ length: 6 }, () => new Float64Array(days))] as const))
  for (const [k, own] of bars.entries()) {
    const columns = totals.get(EXCHANGES[exchangeOf(own.stock.code)])!
    walkMargin(world, own, targets[k]!, last, (day, { balance, bought, repaid, shortValue, sold, short }) => {
      if (day < first) return
      for (const [column, value] of [balance, bought, repaid, shortValue, sold, short].entries()) columns[column]![day - first]! += value
    })
  }
  const rows = Array.from({ length: days }, (_, at) => [...totals].map(([name, columns]) => ({ name, at, values: columns.map((column) => column[at]!) })))
    .flat()
    .filter(({ values }) => values[0]! > 0)
  const numbers = (of: (values: readonly number[]) => number) => Float64Array.from(rows, ({ values }) => of(values))
  return frameOf({
    trade_date: Uint32Array.from(rows, ({ at }) => world.dates[first + at]!),
    exchange_id: toLabels(rows.map(({ name }) => name)),
    rzye: numbers((of) => of[0]!),
    rzmre: numbers((of) => of[1]!),
    rzche: numbers((of) => of[2]!),
    rqye: numbers((of) => of[3]! / 100),
    rqmcl: numbers((of) => of[4]!),
    rzrqye: numbers((of) => (100 * of[0]! + of[3]!) / 100),
    rqyl: numbers((of) => of[5]!),
  })
}
