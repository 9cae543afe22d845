import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

/** Run a child of this folder to its end; `kill` decides on each piece of output whether to kill it. */
export function runChild(name: string, args: readonly string[], kill?: (out: string) => boolean): Promise<Ended> {
  const script = join(import.meta.dirname, `${name}.child.ts`)
  const process_ = spawn(process.execPath, [script, ...args], { env: { ...process.env, UV_THREADPOOL_SIZE: '16' } })
  let [out, err] = ['', '']
  process_.stderr.on('data', (piece: Buffer) => (err += piece.toString()))
  process_.stdout.on('data', (piece: Buffer) => {
    out += piece.toString()
    if (kill?.(out) === true) process_.kill('SIGKILL')
  })
  const deadline = setTimeout(() => process_.kill('SIGKILL'), 40_000)
  process_.on('close', () => clearTimeout(deadline))
  return new Promise((resolve) => process_.on('close', (code, signal) => resolve({ code, signal, out, err })))
}
