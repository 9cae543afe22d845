#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it: runs the program on the Node 26 that `npm ci` installed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const own = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')

// The engine runs its queries on libuv's thread pool; four threads would starve behind four queries.
process.env.UV_THREADPOOL_SIZE ??= '16'

if (Number(process.versions.node.split('.')[0]) >= 26) {
  const { main } = await import('../src/cli/main.ts')
  await main(process.argv.slice(2))
} else if (existsSync(own)) {
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => (signal === null ? process.exit(code ?? 1) : process.kill(process.pid, signal)))
} else {
  process.stderr.write(
    `Cannot start: Fupan runs on Node 26, found ${process.versions.node}. Run \`npm ci\` in ${root}, which brings it along, or install Node 26.\n`,
  )
  process.exit(78)
}
