import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const READY_MS = 20_000

/** Why the HTTP host cannot run here, in words for the name of a skipped test; nothing when it can. */
export function whyNoHost(): string | undefined {
  if (library() === undefined) return `needs FUPAN_CLICKHOUSE_URL, or chDB, which has no build for ${process.platform}-${process.arch}`
  if (Number(process.versions.node.split('.')[0]) < 26) return `needs FUPAN_CLICKHOUSE_URL, or Node 26 with --experimental-ffi, found ${process.versions.node}`
  return undefined
}

export interface HttpHost {
  readonly url: string
  stop(): Promise<void>
}

/** Start the embedded library's own HTTP server in a process of its own, on a free port and an empty directory. */
export async function startHttpHost(): Promise<HttpHost> {
  const directory = mkdtempSync(join(tmpdir(), 'fupan-host-'))
  for (let attempt = 0; attempt < 3; attempt++) {
    const port = await freePort()
    const script = join(import.meta.dirname, 'http-host.test-support.mjs')
    const host = spawn(process.execPath, ['--experimental-ffi', '--no-warnings', script, library()!, directory, String(port)], { stdio: 'ignore' })
    const deadline = performance.now() + READY_MS
    while (host.exitCode === null && performance.now() < deadline) {
      const ready = await fetch(`http://127.0.0.1:${port}/ping`).then(
        (reply) => reply.ok,
        () => false,
      )
      if (ready) return { url: `http://127.0.0.1:${port}`, stop: () => stop(host, directory) }
      await sleep(50)
    }
    await stop(host, directory)
  }
  throw new Error('Cannot start the HTTP host: it did not answer in three attempts')
}

/** SIGKILL is the clean way: asked to stop it takes seconds and may crash (spec engine §9). */
async function stop(host: ChildProcess, directory: string): Promise<void> {
  if (host.exitCode === null && host.signalCode === null) await new Promise((resolve) => host.once('exit', resolve).kill('SIGKILL'))
  rmSync(directory, { recursive: true, force: true })
}

function library(): string | undefined {
  const name = `@chdb/lib-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
    return ['libchdb.so', 'libchdb.dylib'].map((file) => join(folder, file)).find(existsSync)
  } catch {
    return undefined // the optional package is not installed here
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
