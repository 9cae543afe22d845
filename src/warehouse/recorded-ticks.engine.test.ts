import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { frameOf, toLabels } from '#core/frame.ts'
import { seededRng } from '#core/rng.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import { tradeDate } from '#core/trade-date.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from './engine/engine.ts'
import { openEngine } from './engine/open-engine.ts'
import { Load } from './load.ts'
import { odsTick } from './ods/ods_tick.ts'
import { recordedTicks } from './recorded-ticks.ts'
import { createTables } from './schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-recorded-'))
const date = tradeDate(20260601)
let engine: Engine

interface Recorded {
  readonly code: string
  readonly source: string
  readonly grain: string
  readonly at: number
  readonly seq: number
  readonly price: number
}

/** Three stocks, many prints in the same second; one of them also as aggregates of another source, which must not be mixed in. */
const recorded: readonly Recorded[] = (() => {
  const rng = seededRng(11)
  const series = (code: string, source: string, grain: string, count: number) =>
    Array.from({ length: count }, () => instantOf(date, clockTime('09:30') + 1000 * rng.integer(0, 600)))
      .toSorted((a, b) => a - b)
      .map((at, seq): Recorded => ({ code, source, grain, at, seq, price: 10_000 + seq }))
  return [
    ...series('600519.SH', 'b', 'TBT', 300),
    ...series('600519.SH', 'a', 'AGG3S', 200),
    ...series('000001.SZ', 'a', 'AGG3S', 400),
    ...series('300027.SZ', 'c', 'SNAPDIFF', 100),
  ]
})()

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: Number(process.env['UV_THREADPOOL_SIZE']) })
  await createTables(engine, [odsTick])
  const load = new Load(engine, 1)
  await load.add(
    odsTick,
    frameOf({
      trade_date: new Uint32Array(recorded.length).fill(date),
      ts_code: toLabels(recorded.map(({ code }) => code)),
      grain: toLabels(recorded.map(({ grain }) => grain)),
      source: toLabels(recorded.map(({ source }) => source)),
      at: Float64Array.from(recorded, ({ at }) => at),
      seq: Uint32Array.from(recorded, ({ seq }) => seq),
      price: Int32Array.from(recorded, ({ price }) => price),
      volume: new Float64Array(recorded.length).fill(100),
      amount: Float64Array.from(recorded, ({ price }) => price * 100),
      amount_est: new Uint8Array(recorded.length),
    }),
  )
  await load.publish()
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function read(codes?: readonly string[], ticksPerRead?: number): Promise<readonly Tick[]> {
  const all: Tick[] = []
  for await (const batch of recordedTicks(engine, date, codes, undefined, ticksPerRead)) all.push(...batch)
  return all
}

/** The slow truth: one source per stock, sorted by time, code, ordinal. */
function expected(codes: readonly string[]) {
  return recorded
    .filter(({ code, source }) => codes.includes(code) && source === { '600519.SH': 'b', '000001.SZ': 'a', '300027.SZ': 'c' }[code])
    .toSorted((a, b) => a.at - b.at || (a.code < b.code ? -1 : a.code > b.code ? 1 : a.seq - b.seq))
    .map(({ code, at, seq, price, grain }) => ({ code, date, at, seenAt: at, seq, price, grain }))
}

test('recordedTicks() gives the day in event-time order from one source per stock', async () => {
  const all = ['000001.SZ', '300027.SZ', '600519.SH']
  const ticks = await read()
  expect(ticks.length).toBe(800)
  expect(ticks).toMatchObject(expected(all))
  expect(ticks[0]).toMatchObject({ vendorSide: NaN, tradeCount: NaN, bid1: NaN, ask1: NaN, amountEstimated: false })
  expect(await read(['300027.SZ', '600519.SH'])).toMatchObject(expected(['300027.SZ', '600519.SH']))
})

test('recordedTicks() gives the same ticks however many are read at a time, and none for stocks without any', async () => {
  const whole = await read()
  for (const size of [37, 100, 799]) expect(await read(undefined, size), `${size} per read`).toEqual(whole)
  expect(await read(['688981.SH'])).toEqual([])
})
