import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { tradeDate } from '#core/trade-date.ts'
import type { LevelBars } from '#micro/price-level.ts'
import { levelHistory } from '#micro/price-levels.ts'
import { buildTable } from '#warehouse/build.ts'
import { abuPriceLevels } from '#warehouse/dws/abu_price_levels.ts'
import type { Bench } from './bench.ts'
import { withEngine } from './bench-engine.ts'
import { built } from './built.ts'
import { measured } from './peak-memory.ts'
import { benchDates, fillBars } from './synthetic-bars.ts'

const STOCKS = 5400
const DAYS = 460

/** Levels of the whole market on one day, through the real build; and of real stocks over their history, week after week, kernel alone. */
export const priceLevels: Bench = {
  name: 'price-levels',
  about: `abu_price_levels of ${STOCKS.toLocaleString('en')} stocks on one day; weekly snapshots of the real stocks of ../shared over eleven years`,
  async prepare({ folder, scale }) {
    await withEngine(folder, (engine) => fillBars(engine, Math.round(STOCKS * scale), benchDates(DAYS)))
  },
  async *run({ folder, scale, shared, say }) {
    const lastOfWeek = benchDates(DAYS).findLast((date, i, dates) => i === dates.length - 1 || dates[i + 1]! - date > 1)!
    const { seconds, rows } = await withEngine(folder, async (engine) => {
      const build = await measured(() => built(buildTable(engine, abuPriceLevels, { dates: [lastOfWeek], scope: 'all', version: 2, progress() {} })))
      return { seconds: build.seconds, rows: build.value.written }
    })
    yield { name: `one day, ${rows.toLocaleString('en')} levels`, unit: 's', readings: [seconds], budget: 10 * scale }
    if (shared === undefined) {
      say('weekly snapshots need FUPAN_SHARED')
      return
    }
    const stocks = realStocks(join(shared, 'data', 'daily_qfq', 'tushare_qfq_2012_202303.csv.gz'))
    const started = performance.now()
    let [snapshots, levels] = [0, 0]
    for (const [code, bars] of stocks) {
      const rows = Array.from({ length: bars.length }, (_, row) => row).filter((row) => isLastOfWeek(bars, row))
      for (const snapshot of levelHistory(code, bars, rows)) {
        snapshots++
        levels += snapshot.levels.length
      }
    }
    yield {
      name: `${snapshots.toLocaleString('en')} weekly snapshots of ${stocks.size} stocks`,
      unit: 's',
      readings: [(performance.now() - started) / 1000],
      budget: 60,
      note: `${(levels / snapshots).toFixed(2)} levels each`,
    }
  },
}

function isLastOfWeek({ day, length }: LevelBars, row: number): boolean {
  return row === length - 1 || Math.floor((day[row + 1]! + 1) / 5) !== Math.floor((day[row]! + 1) / 5)
}

function realStocks(path: string): ReadonlyMap<Code, LevelBars> {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  const header = lines[0]!.trim().split(',')
  const place = (name: string) => header.indexOf(name)
  const [code, date, open, high, low, close, volume] = ['ts_code', 'trade_date', 'open', 'high', 'low', 'close', 'vol'].map(place) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const rows = Map.groupBy(
    lines.slice(1).map((line) => line.trim().split(',')),
    (cells) => cells[code]!,
  )
  return new Map(
    [...rows].map(([name, unordered]) => {
      const own = unordered.filter((cells) => Number(cells[volume]) > 0).toSorted((a, b) => (a[date]! < b[date]! ? -1 : 1))
      const column = (at: number) => Float64Array.from(own, (cells) => Number(cells[at]))
      const dates = Uint32Array.from(own, (cells) => Number(cells[date]))
      return [
        name as Code,
        {
          length: own.length,
          date: dates,
          day: Float64Array.from(dates, (one) => aShareCalendar.indexOf(tradeDate(one))),
          open: column(open),
          high: column(high),
          low: column(low),
          close: column(close),
          volume: column(volume),
          adjFactor: new Float64Array(own.length).fill(1),
        },
      ]
    }),
  )
}
