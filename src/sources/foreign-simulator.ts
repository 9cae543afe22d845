import { setImmediate as breathe } from 'node:timers/promises'
import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import { slotEnd } from '#core/kline-interval.ts'
import { sessionOn } from '#core/market-day.ts'
import { PROFILES } from '#core/market-profile.ts'
import { defineSource, type Dataset, type Page, type Source } from '#core/source.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { zoneInstant } from '#core/zone-time.ts'
import type { ForeignMarket, ForeignSymbol } from '#market/foreign-symbols.ts'
import type { ForeignDay } from '#market/foreign-walk.ts'
import { dailyOf, ForeignWorld } from '#market/foreign-world.ts'
import { pinyin } from 'pinyin-pro'

const NAME = 'simulator'

const DATASETS: readonly Dataset[] = ['dim_foreign_symbol', 'ods_foreign_daily', 'ods_foreign_minute']

/** What decides the foreign markets; a market without a last day has none. */
export interface ForeignSource {
  readonly seed: number
  readonly firstDate?: TradeDate
  readonly lastDate?: Partial<Readonly<Record<ForeignMarket, TradeDate>>>
  readonly profiles?: readonly ForeignMarket[]
  /** The world these settings make, up to the last days or later ones: walking it again is spared. */
  readonly walked?: ForeignWorld
}

/**
 * 境外模拟市场: bars of symbols of other markets, in their currency, by the date of their exchange. The same settings give the same bytes; later last days leave
 * the days before as they are. One page holds one symbol; there are no ticks.
 */
export function foreignSimulator({ seed, firstDate = tradeDate(20200101), lastDate = {}, profiles = [], walked }: ForeignSource): Source {
  const none = tradeDate(19900101)
  const until = { hk: none, us: none, crypto: none, ...lastDate }
  const world = walked ?? new ForeignWorld({ seed, firstDate, lastDate: until, profiles })
  return defineSource({
    name: 'foreign_simulator',
    label: { zh: '境外模拟市场', en: 'Simulated foreign markets' },
    datasets: DATASETS,
    requestsPerMinute: Infinity,
    simulated: true,
    async *fetch({ dataset, from, to, codes }, signal) {
      const symbols = codes === undefined ? world.symbols : world.symbols.filter(({ code }) => codes.includes(code))
      if (dataset === 'dim_foreign_symbol') yield { dataset, dates: [], frame: symbolFrame(symbols) }
      else if (dataset === 'ods_foreign_daily' || dataset === 'ods_foreign_minute')
        for (const symbol of symbols) {
          const days: ForeignDay[] = []
          for (const [at, date] of world.dates(symbol.market).entries()) {
            if (date < from || date > to || date > until[symbol.market]) continue
            days.push(world.day(symbol, at))
            if (days.length % 64 === 0) await breathe()
            signal?.throwIfAborted()
          }
          if (days.length > 0) yield pageOf(dataset, symbol, days)
        }
      else throw new RangeError(`Cannot fetch ${dataset} from the simulated foreign markets: they fill ${DATASETS.join(', ')}. Choose one of these`)
    },
    async *ticks() {
      // Bars are all there is of these markets.
    },
  })
}

function pageOf(dataset: Dataset, symbol: ForeignSymbol, days: readonly ForeignDay[]): Page {
  return { dataset, dates: days.map(({ date }) => date), frame: dataset === 'ods_foreign_daily' ? dailyFrame(symbol, days) : minuteFrame(symbol, days) }
}

function symbolFrame(symbols: readonly ForeignSymbol[]): Frame {
  return frameOf({
    ts_code: toLabels(symbols.map(({ code }) => code)),
    market: toLabels(symbols.map(({ market }) => market)),
    name: toLabels(symbols.map(({ name }) => name)),
    pinyin: toLabels(
      symbols.map(({ name }) => pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'consecutive' }).join('').toLowerCase()),
    ),
    currency: toLabels(symbols.map(({ market }) => PROFILES[market].currency)),
    timezone: toLabels(symbols.map(({ market }) => PROFILES[market].zone)),
    lot: Float64Array.from(symbols, ({ lot }) => lot),
    base_price: Float64Array.from(symbols, ({ basePrice }) => basePrice),
    base_volatility: Float64Array.from(symbols, ({ sigma }) => sigma),
    base_volume: Float64Array.from(symbols, ({ dailyVolume }) => dailyVolume),
    preset: toLabels(symbols.map(({ preset }) => preset)),
    source: constant(symbols.length, NAME),
  })
}

function dailyFrame({ code }: ForeignSymbol, days: readonly ForeignDay[]): Frame {
  const { date, open, high, low, close, volume, amount } = dailyOf(days)
  return frameOf({
    trade_date: Uint32Array.from(date),
    ts_code: constant(days.length, code),
    open,
    high,
    low,
    close,
    volume,
    amount,
    source: constant(days.length, NAME),
  })
}

const PRICES = ['open', 'high', 'low', 'close', 'volume', 'amount'] as const

function minuteFrame({ code, market }: ForeignSymbol, days: readonly ForeignDay[]): Frame {
  const length = days.reduce((sum, { slot }) => sum + slot.length, 0)
  const columns = Object.fromEntries(PRICES.map((name) => [name, new Float64Array(length)]))
  const [date, at] = [new Uint32Array(length), new Float64Array(length)]
  let row = 0
  for (const day of days) {
    const session = sessionOn(market, day.date)
    // No session spans a change of clocks.
    const midnight = zoneInstant(PROFILES[market].zone, day.date, session.segments[0]!.start) - session.segments[0]!.start
    for (const name of PRICES) columns[name]!.set(day[name], row)
    date.fill(day.date, row, row + day.slot.length)
    for (const slot of day.slot) at[row++] = midnight + slotEnd(session, slot)
  }
  return frameOf({ trade_date: date, ts_code: constant(length, code), at, ...columns, source: constant(length, NAME) })
}

function constant(length: number, value: string) {
  return { index: new Uint32Array(length), values: [value] }
}
