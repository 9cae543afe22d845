import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApp } from '#app/app.ts'
import { readConfig } from '#app/config.ts'
import { createLog } from '#app/log.ts'
import { runVerb } from '#app/run-verb.ts'
import { startServer } from '#app/serve-world.ts'
import { systemClock } from '#app/system-clock.ts'

/** A running cockpit with data: the real server over a small simulated market. */
export interface Cockpit {
  /** Where it answers, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Start the real application for a test file: a simulated market of 60 stocks in a temporary folder, its night run, its last day playing.
 * With FUPAN_COCKPIT_URL set, tests run against the one that is there.
 * States that real data do not show (empty, stale, broken) are made in the browser instead: see answers.ts.
 */
export async function startCockpit(): Promise<Cockpit> {
  const running = process.env['FUPAN_COCKPIT_URL']
  if (running !== undefined && running !== '') return { url: running, close: () => Promise.resolve() }
  const folder = mkdtempSync(join(tmpdir(), 'fupan-cockpit-'))
  const config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: process.env['UV_THREADPOOL_SIZE'] })
  const opened = await openApp({ config, world: 'sim', clock: systemClock, log: createLog({ level: 'warn' }), simulated: { size: 60, days: 160 } })
  if (opened.type === 'held') throw new Error(`Cannot start the cockpit: process ${opened.by.pid} holds ${folder}`)
  const { app } = opened
  const stop = new AbortController()
  const context = { emit() {}, signal: stop.signal, folder }
  const { exitCode, data } = await runVerb(app, 'run', { all: true }, context)
  if (exitCode !== 0) throw new Error(`Cannot start the cockpit: its night ended with exit code ${exitCode}: ${JSON.stringify(data)}`)
  const server = await startServer(app)
  const { port } = server.server.address() as { port: number }
  const session = app.live.play({ date: app.calendar.lastCompleted(systemClock.now()), kind: 'simulated', speed: 300, signal: stop.signal })
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      stop.abort()
      await session.catch(() => undefined)
      await server.close()
      await app.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
