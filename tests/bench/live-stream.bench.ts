import { OpportunityFeed } from '#app/opportunity-feed.ts'
import { systemClock } from '#app/system-clock.ts'
import type { Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { detectors } from '#detectors/index.ts'
import { profileBaseline } from '#stream/baseline.ts'
import { Pipeline } from '#stream/pipeline.ts'
import type { Bench } from './bench.ts'

const STOCKS = 5400
const RATE = 20_000
const SLICE_MS = 20
const SECONDS = 12
const WIRES = 50

/** The whole market's ticks at a steady rate through intake, features, detector and lifecycle to the frames of 50 sockets. */
export const liveStream: Bench = {
  name: 'live-stream',
  about: `${RATE.toLocaleString('en')} ticks/s of ${STOCKS} stocks to ${WIRES} sockets`,
  async *run() {
    const date = tradeDate(20260105)
    const codes = Array.from({ length: STOCKS }, (_, i) => `${600_000 + i}.SH` as Code)
    const baseline = profileBaseline({ adv20: 4e8, atrPct: 0.03, prevClose: 10, limitUp: 11, limitDown: 9 })
    const feed = new OpportunityFeed(systemClock)
    feed.begin('bench', new Map())
    let frames = 0
    for (let i = 0; i < WIRES; i++) {
      feed.join({ send: () => void frames++, bufferedBytes: () => 0, close() {} }).receive('{"op":"sub","id":"1","ch":"opportunities"}')
    }
    let events = 0
    const pipeline = new Pipeline({
      date,
      detectors,
      baselineOf: () => baseline,
      emit(event) {
        events++
        feed.publish(event)
      },
      micros: () => performance.now() * 1000,
    })
    pipeline.prepare(codes)
    const next = tickMaker(codes, date)
    const perSlice = (RATE * SLICE_MS) / 1000
    const started = performance.now()
    let pushed = 0
    for (let slice = 0; slice < (SECONDS * 1000) / SLICE_MS; slice++) {
      const due = started + slice * SLICE_MS
      const wait = due - performance.now()
      if (wait > 0) await systemClock.sleep(wait)
      pipeline.push(next(perSlice))
      pushed += perSlice
    }
    const seconds = (performance.now() - started) / 1000
    const { total } = pipeline.state().latency
    yield {
      name: 'p99, arrival of a tick → frames written',
      unit: 'ms',
      readings: [total.quantile(0.99) / 1000],
      budget: 50,
      note: `p50 ${(total.quantile(0.5) / 1000).toFixed(2)} ms, ${Math.round(pushed / seconds).toLocaleString('en')} ticks/s kept up, ${events} events, ${frames} frames`,
    }
    const burst = performance.now()
    const many = 400_000
    for (let done = 0; done < many; done += 2000) pipeline.push(next(2000))
    yield { name: 'throughput, as fast as it goes', unit: 'per s', readings: [many / ((performance.now() - burst) / 1000)], budget: RATE }
    feed.close()
  },
}

/** Ticks of all stocks in turn, event time advancing by the rate; prices walk, one in twenty is a large print. */
function tickMaker(codes: readonly Code[], date: ReturnType<typeof tradeDate>): (count: number) => readonly Tick[] {
  const rng = seededRng('stream')
  const price = new Int32Array(codes.length).fill(10_000)
  const seq = new Int32Array(codes.length)
  const open = instantOf(date, 34_200_000)
  let made = 0
  return (count) =>
    Array.from({ length: count }, () => {
      const stock = made % codes.length
      const at = (open + Math.floor((made++ * 1000) / RATE)) as EpochMs
      price[stock] = Math.min(10_900, Math.max(9_100, price[stock]! + rng.integer(-1, 1) * 10))
      const volume = rng.integer(1, 40) * 100 * (rng.next() < 0.05 ? 30 : 1)
      return {
        code: codes[stock]!,
        date,
        at,
        seenAt: at,
        seq: seq[stock]!++,
        grain: 'AGG3S',
        price: price[stock],
        volume,
        amount: volume * price[stock],
        amountEstimated: false,
        vendorSide: rng.integer(-1, 1),
        tradeCount: NaN,
        bid1: price[stock] - 10,
        ask1: price[stock] + 10,
      }
    })
}
