import { fork } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isWithin, type Bench, type Measurement } from './bench.ts'
import { benches } from './index.ts'
import { reportTable } from './report-table.ts'

/** `npm run bench`: every bench in processes of its own, one table. Exits with 1 when a full-size measurement misses its budget. */
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    small: { type: 'boolean' },
    fresh: { type: 'boolean' },
    json: { type: 'boolean' },
    list: { type: 'boolean' },
  },
})

const shared = resolve(import.meta.dirname, '..', '..', process.env['FUPAN_SHARED'] ?? '../shared')
const chosen = benches.filter(({ name, flag }) => flags.only?.includes(name) ?? (flag === undefined || flags[flag] === true))

if (flags.list === true) for (const { name, about } of benches) console.log(`${name.padEnd(24)}${about}`)
else await runAll(chosen)

async function runAll(benches: readonly Bench[]): Promise<void> {
  if (benches.length === 0) throw new RangeError(`Cannot run ${flags.only?.join(', ')}: see the names with --list`)
  const measured: (Measurement & { readonly bench: string })[] = []
  for (const bench of benches) {
    process.stderr.write(`${bench.name}: ${bench.about}\n`)
    for (const measurement of await measure(bench)) measured.push({ bench: bench.name, ...measurement })
  }
  if (flags.json === true) console.log(JSON.stringify({ node: process.version, small: flags.small === true, measured }, undefined, 2))
  else {
    console.log(reportTable(measured))
    console.log(
      `\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0]!.toFixed(1)}${flags.small === true ? '; --small: sizes and budgets scaled to 1/20' : ''}`,
    )
  }
  if (flags.small !== true && !measured.every(isWithin)) process.exitCode = 1
}

async function measure({ name, prepare }: Bench): Promise<readonly Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), `fupan-bench-${name}-`))
  try {
    if (prepare !== undefined) await inOwnProcess(name, 'prepare', folder)
    return await inOwnProcess(name, 'run', folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Run one half of a bench in a child; what it measures and says comes back as messages. */
function inOwnProcess(name: string, half: 'prepare' | 'run', folder: string): Promise<readonly Measurement[]> {
  const context = { scale: flags.small === true ? 1 / 20 : 1, folder, ...(existsSync(shared) ? { shared } : {}) }
  const child = fork(join(import.meta.dirname, 'child.ts'), [name, half, JSON.stringify(context)], { env: { ...process.env, UV_THREADPOOL_SIZE: '16' } })
  const measured: Measurement[] = []
  child.on('message', (message: { readonly said: string } | { readonly measured: Measurement }) => {
    if ('said' in message) process.stderr.write(`  ${message.said}\n`)
    else measured.push(message.measured)
  })
  return new Promise((settle, refuse) => {
    child.on('error', refuse)
    child.on('exit', (code, signal) =>
      code === 0 ? settle(measured) : refuse(new Error(`Cannot measure ${name}: its process ended with ${signal ?? code} while it was to ${half}`)),
    )
  })
}
