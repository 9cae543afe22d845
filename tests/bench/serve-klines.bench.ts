import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { openApp, type App } from '#app/app.ts'
import { readConfig } from '#app/config.ts'
import { createLog } from '#app/log.ts'
import { playDemo } from '#app/play-demo.ts'
import { startServer } from '#app/serve-world.ts'
import { systemClock } from '#app/system-clock.ts'
import { emptyBars } from '#numeric/fold-bars.ts'
import { minuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars } from '#numeric/resample-bars.ts'
import type { Bench, Measurement } from './bench.ts'
import type { LoadOrder, LoadReport } from './http-load.child.ts'

const STOCKS = 60
const DAYS = 400
const CLIENTS = 16
const SECONDS = 3
const ROUNDS = 3

/** Bars out of a simulated market over the loopback: the real server in this process, those who ask in another. Baseline: its health answer. */
export const serveKlines: Bench = {
  name: 'serve-klines',
  about: 'GET /api/klines: saturation, a hundred users, first pages, a thousand connections; folding minutes',
  async *run({ folder, scale }) {
    yield aggregatorCycle(Math.round(5000 * scale))
    const config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
    const opened = await openApp({
      config,
      world: 'sim',
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      simulated: { size: Math.max(5, Math.round(STOCKS * scale)), days: Math.max(60, Math.round(DAYS * scale)) },
    })
    if (opened.type === 'held') throw new Error('Cannot measure: the temporary folder is held')
    const { app } = opened
    try {
      const context = { emit() {}, signal: new AbortController().signal, folder: join(folder, 'cwd') }
      if ((await playDemo(app, context, () => {}, { once: true, speed: 0 })) !== 0) throw new Error('Cannot measure: the simulated night failed')
      const server = await startServer(app, 0)
      const { port } = server.server.address() as { port: number }
      try {
        yield* served(app, (order) => asked({ port, connections: CLIENTS, seconds: SECONDS * scale, everyMs: 0, ...order }), scale)
      } finally {
        await server.close()
      }
    } finally {
      await app.close()
    }
  },
}

type Ask = (order: Pick<LoadOrder, 'paths'> & Partial<LoadOrder>) => Promise<LoadReport>

async function* served(app: App, ask: Ask, scale: number): AsyncIterable<Measurement> {
  const codes = (await app.engine.rows<{ ts_code: string }>('select distinct ts_code from fupan.dwd_daily order by ts_code')).map((row) => row.ts_code)
  const dates = (await app.engine.rows<{ trade_date: number }>('select distinct trade_date from fupan.market_klines order by trade_date')).map(
    (row) => row.trade_date,
  )
  const bars = (interval: string, rest = '') => codes.map((code) => `/api/klines?symbol=${code}&interval=${interval}${rest}`)
  const stored = dates.slice(-7)
  const first = async (interval: string, days: readonly number[]) =>
    ask({ paths: days.flatMap((date) => bars(interval, `&limit=200&end=${date}`)).slice(0, 400), connections: 1, once: true })
  for (const interval of ['1d', '5m', '60m']) {
    const { p50, p95 } = await first(interval, stored)
    yield { name: `200 × ${interval}, a page nobody asked for before, P95`, unit: 'ms', readings: [p95], budget: 30, note: `P50 ${p50.toFixed(1)} ms` }
  }
  for (const interval of ['5m', '60m']) {
    const { p50, p95 } = await first(interval, dates.slice(0, 7))
    yield {
      name: `200 × ${interval} of days that are drawn first, P95`,
      unit: 'ms',
      readings: [p95],
      note: `P50 ${p50.toFixed(1)} ms; a stock 4 ms, a day 1 ms`,
    }
  }
  const health: number[] = []
  const daily: number[] = []
  const minutes: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    health.push((await ask({ paths: ['/healthz'] })).perSecond)
    daily.push((await ask({ paths: bars('1d', '&limit=200') })).perSecond)
    minutes.push((await ask({ paths: bars('5m', '&limit=200') })).perSecond)
  }
  const baseline = { name: '/healthz', readings: health }
  yield { name: '200 × 1d, warm', unit: 'per s', readings: daily, budget: 5000, baseline }
  yield { name: '200 × 5m, warm', unit: 'per s', readings: minutes, budget: 5000, baseline }
  const users = await ask({ paths: bars('1d', '&limit=200'), connections: 100, everyMs: 3000, seconds: Math.max(3, 9 * scale) })
  for (const [name, budget] of [
    ['p50', 2],
    ['p95', 8],
    ['p99', 20],
  ] as const)
    yield { name: `100 users, one request in 3 s, ${name.toUpperCase()}`, unit: 'ms', readings: [users[name]], budget }
  const large = bars('1m', '&limit=5000&format=columns').slice(0, 20)
  await ask({ paths: large, once: true })
  const columns = await ask({ paths: large, connections: 1 })
  yield { name: '5,000 × 1m in columns, warm, P95', unit: 'ms', readings: [columns.p95], budget: 25 }
  const crowd = await ask({ paths: bars('1d', '&limit=200'), connections: 1000 })
  if (crowd.failed > 0) throw new Error(`Cannot answer a thousand connections: ${crowd.failed} of ${crowd.answered} requests failed`)
  yield { name: '1,000 connections at once', unit: 'per s', readings: [crowd.perSecond], note: `${crowd.answered} answered, none failed` }
}

/** Every coarser bar of a day of so many stocks, from their minutes. */
function aggregatorCycle(stocks: number): Measurement {
  const slots = 241
  const bars = emptyBars(slots)
  for (const column of Object.values(bars) as Float64Array[]) for (let slot = 0; slot < slots; slot++) column[slot] = 10 + Math.sin(slot)
  const day = { day: new Int32Array(slots), slot: Int32Array.from({ length: slots }, (_, slot) => slot), ...bars }
  const readings = Array.from({ length: ROUNDS }, () => {
    const started = performance.now()
    for (let stock = 0; stock < stocks; stock++) for (const minutes of [5, 15, 30, 60, 120]) resampleBars(day, minuteBuckets([120, 120], minutes))
    return (performance.now() - started) / 1000
  })
  return { name: `minutes of ${stocks.toLocaleString('en')} stocks folded to 5, 15, 30, 60, 120`, unit: 's', readings, budget: (3 * stocks) / 5000 }
}

/** Let another process ask. Throws when it cannot. */
async function asked(order: LoadOrder): Promise<LoadReport> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'http-load.child.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(order))
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  if (text === '') throw new Error('Cannot measure: the process that asks ended without a word')
  const report = JSON.parse(text) as LoadReport
  if (report.failed > 0) throw new Error(`Cannot measure: ${report.failed} of ${report.answered} requests failed`)
  return report
}
