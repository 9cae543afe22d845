import type { Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import { tradeDate } from '#core/trade-date.ts'
import { BookLog } from '#market/book-log.ts'
import { keyedRng } from '#market/keyed-rng.ts'
import { OrderBook } from '#market/order-book.ts'
import { ORDER_TYPE } from '#market/order-request.ts'
import { plantedBatch, VERIFICATION_KINDS } from '#market/planted-batch.ts'
import type { PlantedScenario } from '#market/planted-scenarios.ts'
import { zeroIntelligence } from '#market/zero-intelligence.ts'
import { against, median, recovered, scoreBatch, spoofedAboveNull, trueBigNetRatio, trueImbalance, type ScoredBatch } from '#research/score-planted.ts'
import type { Bench } from './bench.ts'

const EVENTS = 2_000_000
const SCENARIOS = 80
const RANGE = 100

/** The order book alone, the Santa Fe model on it, and the planted scenarios with what the measures make of them. */
export const orderBook: Bench = {
  name: 'order-book',
  about: `${EVENTS / 1e6} M events of matching, six zero-intelligence markets, ${SCENARIOS} planted scenarios of each kind`,
  async *run({ scale, say }) {
    const events = Math.round(EVENTS * scale)
    matchEvents(events)
    yield { name: 'events of a book of 200 levels, logged', unit: 'per s', readings: Array.from({ length: 5 }, () => matchEvents(events)), budget: 2e6 }

    for (const [marketRate, limitRate, cancelRate, window, expected] of SANTA_FE) {
      const started = performance.now()
      const runs = Array.from({ length: 3 }, (_, k) =>
        zeroIntelligence({ marketRate, limitRate, cancelRate, window }, 16_000 * scale, 1000 * scale, seededRng(`santa fe/${k}`)),
      )
      const spread = runs.reduce((sum, run) => sum + run.meanSpread / 3, 0)
      const name = `zero intelligence μ ${marketRate} α ${limitRate} δ ${cancelRate} W ${window}`
      yield { name, unit: 'ms', readings: [performance.now() - started], note: `mean spread ${spread.toFixed(2)}, expected ${expected} ± 6 %` }
    }

    const took: number[] = []
    const settings = { code: '600000.SH' as Code, date: tradeDate(20260105), kinds: VERIFICATION_KINDS, count: Math.max(2, Math.round(SCENARIOS * scale)) }
    const batch = scoreBatch(timed(plantedBatch(settings, keyedRng(20260701, 'truth', settings.code, settings.date)), took))
    for (const line of verification(batch)) say(line)
    yield { name: 'one planted scenario', unit: 'ms', readings: took, budget: 150, note: `${took.length} scenarios` }
  },
}

/** μ, α, δ, W and the time-weighted mean spread in ticks (spec simulator §11.4). */
const SANTA_FE: readonly (readonly [number, number, number, number, number])[] = [
  [1, 0.02, 0.01, 300, 12.74],
  [1, 0.02, 0.02, 300, 13.72],
  [1, 0.02, 0.05, 300, 16.09],
  [1, 0.02, 0.1, 300, 19.44],
  [1, 0.05, 0.02, 120, 5.79],
  [2, 0.05, 0.02, 240, 10.28],
]

/** Events per second of limit orders, market orders and cancellations around the middle of a book. */
function matchEvents(count: number): number {
  const rng = seededRng('book')
  const draws = Float64Array.from({ length: 3 * 65_536 }, () => rng.next())
  const log = new BookLog(1 << 16)
  const book = new OrderBook({ lowest: 1000 - RANGE, highest: 1000 + RANGE, log })
  const started = performance.now()
  for (let at = 0, k = 0; log.length < count; at++, k = k + 3 === draws.length ? 0 : k + 3) {
    const [kind, side, where] = [draws[k]!, draws[k + 1]! < 0.5 ? 1 : -1, draws[k + 2]!]
    const lots = 1 + Math.floor(9 * draws[k + 1]!)
    if (kind < 0.4) {
      const opposite = side > 0 ? book.bestAsk || 1001 : book.bestBid || 999
      book.submit(at, side, ORDER_TYPE.LIMIT, Math.max(1000 - RANGE, Math.min(1000 + RANGE, opposite - side * (1 + Math.floor(10 * where)))), lots)
    } else if (kind < 0.55) book.submit(at, side, ORDER_TYPE.BEST_5_CANCEL, 0, lots)
    else book.cancel(Math.max(1, book.newest - Math.floor(200 * where)), at)
  }
  return (1000 * log.length) / (performance.now() - started)
}

function* timed(scenarios: Iterable<PlantedScenario>, took: number[]): Generator<PlantedScenario> {
  let started = performance.now()
  for (const scenario of scenarios) {
    took.push(performance.now() - started)
    yield scenario
    started = performance.now()
  }
}

/** The table of spec simulator §12.3 with what was reached. */
function verification(batch: ScoredBatch): string[] {
  const numbers = (value: Parameters<typeof against>[2]) => [0, 0.25, 0.5, 1].map((strength) => against(batch, strength, value).toFixed(3)).join(' ')
  const share = (form: 'ticks' | 'orders' | 'slots') => {
    const visits = recovered(batch, form)
    return (visits.filter(({ test }) => test !== undefined).length / visits.length).toFixed(3)
  }
  return [
    `AUC at s = 0, 0.25, 0.5, 1: true big net ratio in band ${numbers(trueBigNetRatio)}, true imbalance ${numbers(trueImbalance)}, forward return ${numbers(({ truth }) => truth.forwardReturn30m)}`,
    ...(['ticks', 'orders', 'slots'] as const).flatMap((form) => [
      `level tests over ${form}: big net ratio ${numbers((scored) => scored[form].bigNetRatio)}, imbalance ${numbers((scored) => scored[form].orderFlowImbalance)}, −penetration ${numbers((scored) => -scored[form].penetration)}`,
      `  ex-ante score ${numbers((scored) => scored[form].exante)}, spoofed above null ${spoofedAboveNull(batch, (scored) => scored[form].exante).toFixed(3)}, visits within 3 s ${share(form)}`,
      `  median score: ${[...batch.keys()].map((kind) => `${kind} ${median(batch, kind, (scored) => scored[form].score).toFixed(3)}`).join(', ')}`,
    ]),
  ]
}
