import { join } from 'node:path'
import { openApp } from '#app/app.ts'
import { readConfig } from '#app/config.ts'
import { createLog } from '#app/log.ts'
import { playDemo } from '#app/play-demo.ts'
import { startServer } from '#app/serve-world.ts'
import { systemClock } from '#app/system-clock.ts'
import type { Bench } from './bench.ts'

const STOCKS = 60
const DAYS = 400
const CLIENTS = 8
const SECONDS = 3
const ROUNDS = 3

/** 200 daily bars of one stock after another out of a simulated market, over the loopback, answered by the real server. Baseline: its health answer. */
export const serveKlines: Bench = {
  name: 'serve-klines',
  about: `GET /api/klines, 200 bars, ${CLIENTS} clients at once`,
  async *run({ folder, scale }) {
    const config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
    const opened = await openApp({
      config,
      world: 'sim',
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      simulated: { size: Math.max(5, Math.round(STOCKS * scale)), days: DAYS },
    })
    if (opened.type === 'held') throw new Error('Cannot measure: the temporary folder is held')
    const { app } = opened
    try {
      const context = { emit() {}, signal: new AbortController().signal, folder: join(folder, 'cwd') }
      if ((await playDemo(app, context, () => {}, { once: true, speed: 0 })) !== 0) throw new Error('Cannot measure: the simulated night failed')
      const codes = (await app.engine.rows<{ ts_code: string }>('select distinct ts_code from fupan.dwd_daily order by ts_code')).map((row) => row.ts_code)
      const server = await startServer(app, 0)
      const { port } = server.server.address() as { port: number }
      const at = `http://127.0.0.1:${port}`
      try {
        const bars: number[] = []
        const health: number[] = []
        for (let round = 0; round < ROUNDS; round++) {
          bars.push(await rate(SECONDS * scale, (i) => `${at}/api/klines?symbol=${codes[i % codes.length]}&interval=1d&limit=200`))
          health.push(await rate(SECONDS * scale, () => `${at}/healthz`))
        }
        yield { name: '200 bars, one stock after another', unit: 'per s', readings: bars, baseline: { name: '/healthz', readings: health } }
      } finally {
        await server.close()
      }
    } finally {
      await app.close()
    }
  },
}

/** Answers per second over some seconds, with every client asking again as soon as it is answered. Throws on an answer that is not 200. */
async function rate(seconds: number, urlOf: (i: number) => string): Promise<number> {
  const started = performance.now()
  let answered = 0
  const client = async () => {
    while (performance.now() - started < seconds * 1000) {
      const response = await fetch(urlOf(answered++))
      const text = await response.text()
      if (response.status !== 200) throw new Error(`Cannot measure: ${response.status} ${text.slice(0, 200)}`)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return (answered * 1000) / (performance.now() - started)
}
