import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { settleWorld } from '#app/simulated-source.ts'
import { systemClock } from '#app/system-clock.ts'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Bench } from './bench.ts'

const program = join(import.meta.dirname, '..', '..', 'bin', 'fupan.mjs')

/** The daemon of the live market as its service runs it; the engine is a process of its own. Read from /proc, so on Linux only. */
export const liveDaemon: Bench = {
  name: 'live-daemon',
  about: 'memory of fupan sim run with 5,000 stocks, started as docs/systemd does',
  async *run({ folder, scale, say }) {
    if (process.platform !== 'linux') {
      say(`live-daemon is left out: it needs /proc, found ${process.platform}`)
      return
    }
    const size = Math.max(100, Math.round(5000 * scale))
    const root = join(folder, 'sim')
    mkdirSync(root, { recursive: true })
    settleWorld(root, aShareCalendar, systemClock.now(), { size, days: 30 })
    const last = aShareCalendar.lastCompleted(systemClock.now())
    const words = ['sim', 'run', '--test', '--speed', '30', '--no-night', '--from', String(last), '--until', `${last}-10:00`, '--data-dir', folder]
    const daemon = spawn(process.execPath, [program, ...words], {
      stdio: 'ignore',
      env: { ...process.env, FUPAN_PORT: '0', ...serviceEnvironment() },
    })
    try {
      const started = performance.now()
      const resident: number[] = []
      let [peak, engine] = [0, 0]
      while (daemon.exitCode === null) {
        const status = statusOf(daemon.pid!)
        if (status !== undefined) {
          resident.push(status.resident)
          peak = status.peak
          for (const child of childrenOf(daemon.pid!)) engine = Math.max(engine, statusOf(child)?.peak ?? 0)
        }
        await sleep(500)
      }
      if (daemon.exitCode !== 0) throw new Error(`Cannot measure: the daemon ended with ${daemon.exitCode}`)
      // The second half: the day is drawn, minutes pass.
      const living = resident.slice(resident.length >> 1)
      yield {
        name: `daemon of ${size} stocks, half an hour of the market`,
        unit: 's',
        readings: [(performance.now() - started) / 1000],
        memory: { peak, budget: 400e6 },
        note: `highest while the day is drawn; ${Math.round(Math.max(...living) / 1e6)} MB at most afterwards. The engine's process: ${Math.round(engine / 1e6)} MB`,
      }
    } finally {
      daemon.kill('SIGKILL')
    }
  },
}

/** What the service example sets, but for the folder. */
function serviceEnvironment(): Record<string, string> {
  const service = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'systemd', 'fupan-sim.service'), 'utf8')
  const lines = [...service.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const)
  return Object.fromEntries(lines.filter(([name]) => name !== 'FUPAN_DATA_DIR'))
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** Resident memory of a process now and at most, bytes; nothing when it has ended. */
function statusOf(pid: number): { readonly resident: number; readonly peak: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const bytes = (field: string) => 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? NaN)
    return Number.isNaN(bytes('VmRSS')) ? undefined : { resident: bytes('VmRSS'), peak: bytes('VmHWM') }
  } catch {
    // Expected: it ended between two looks.
    return undefined
  }
}
