import { spawn, spawnSync } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Bench } from './bench.ts'

const PATIENCE_MS = 300_000

/** What a newcomer waits for: clone, `npm ci`, `npm start`, and the first candidates on the page's own request. */
export const freshClone: Bench = {
  name: 'fresh-clone',
  about: 'git clone, npm ci, npm start until the candidates are served',
  flag: 'fresh',
  async *run({ folder, say }) {
    const clone = join(folder, 'clone')
    const root = join(import.meta.dirname, '..', '..')
    if (spawnSync('git', ['clone', '-q', root, clone], { stdio: 'inherit' }).status !== 0) throw new Error('Cannot measure: the clone failed')
    const begun = performance.now()
    if (spawnSync('npm', ['ci', '--loglevel=error'], { cwd: clone, stdio: 'ignore' }).status !== 0) throw new Error('Cannot measure: npm ci failed')
    const installed = performance.now()
    say(`npm ci: ${((installed - begun) / 1000).toFixed(1)} s`)
    const port = await freePort()
    const program = spawn('npm', ['start'], {
      cwd: clone,
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, FUPAN_PORT: `${port}`, FUPAN_DATA_DIR: join(folder, 'data') },
    })
    try {
      await candidatesAt(`http://127.0.0.1:${port}/api/candidates?limit=1`, performance.now() + PATIENCE_MS)
      const shown = performance.now()
      yield { name: 'npm start → first candidates', unit: 's', readings: [(shown - installed) / 1000], budget: 45 }
      yield { name: 'npm ci + npm start → first candidates', unit: 's', readings: [(shown - begun) / 1000], budget: 120 }
    } finally {
      process.kill(-program.pid!, 'SIGTERM')
      await new Promise((resolve) => program.once('exit', resolve))
    }
  },
}

async function candidatesAt(url: string, until: number): Promise<void> {
  while (performance.now() < until) {
    const reply = await fetch(url)
      .then(async (response) => (await response.json()) as { readonly date?: number; readonly lastCompleted?: number; readonly rows?: readonly unknown[] })
      // Expected: nobody listens yet.
      .catch(() => undefined)
    // Older days are there before the last completed one is.
    if (reply !== undefined && reply.date === reply.lastCompleted && (reply.rows?.length ?? 0) > 0) return
    await wait(250)
  }
  throw new Error(`Cannot measure: no candidates within ${PATIENCE_MS / 1000} s`)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
