import { tradeDate } from '#core/trade-date.ts'
import { ForeignWorld } from '#market/foreign-world.ts'
import type { Bench } from './bench.ts'

const DAYS = 250

/** One symbol-day of minutes of each foreign market, the market's own factor included. */
export const foreignDay: Bench = {
  name: 'foreign-day',
  about: `${DAYS} days of minutes of one symbol of each foreign market`,
  async *run({ scale }) {
    const days = Math.max(20, Math.round(DAYS * scale))
    const last = tradeDate(20261120)
    for (const code of ['AAPL.US', 'JPM.US', '700.HK', 'BTCUSDT']) {
      const readings = Array.from({ length: 5 }, () => {
        const world = new ForeignWorld({
          seed: 1,
          firstDate: tradeDate(20250102),
          lastDate: { hk: last, us: last, crypto: last },
          profiles: ['hk', 'us', 'crypto'],
        })
        const symbol = world.symbols.find((each) => each.code === code)!
        const started = performance.now()
        for (let at = 0; at < days; at++) world.day(symbol, at)
        return (performance.now() - started) / days
      })
      yield { name: `a day of minutes of ${code}`, unit: 'ms', readings, budget: 1, note: `mean of ${days} days` }
    }
  },
}
