import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/* A process of its own that asks a server over plain sockets, so that what is measured is the server. Reads a LoadOrder, writes a LoadReport. */

export interface LoadOrder {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Milliseconds between two requests of a connection; 0 = at once after the answer. */
  readonly everyMs: number
  /** Asked one after another, over and over; with `once` each is asked once at most. */
  readonly paths: readonly string[]
  readonly once?: boolean
}

export interface LoadReport {
  readonly answered: number
  readonly failed: number
  readonly perSecond: number
  /** Milliseconds from request to the last byte of its answer. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

if (import.meta.main) {
  let text = ''
  for await (const chunk of process.stdin) text += String(chunk)
  process.stdout.write(JSON.stringify(await load(JSON.parse(text) as LoadOrder)))
}

async function load(order: LoadOrder): Promise<LoadReport> {
  const { port, connections, seconds, everyMs, paths } = order
  const took: number[] = []
  let failed = 0
  let turn = 0
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(port)))
  const started = performance.now()
  const ends = started + seconds * 1000
  await Promise.all(
    sockets.map(async (socket, i) => {
      const ask = asker(socket)
      if (everyMs > 0) await sleep((everyMs * i) / connections)
      while (performance.now() < ends && !(order.once === true && turn >= paths.length)) {
        const asked = performance.now()
        const status = await ask(paths[turn++ % paths.length]!)
        took.push(performance.now() - asked)
        if (status !== 200) failed++
        if (status === 0) return
        if (everyMs > 0) await sleep(Math.max(0, everyMs - (performance.now() - asked)))
      }
    }),
  )
  const elapsed = performance.now() - started
  for (const socket of sockets) socket.destroy()
  took.sort((a, b) => a - b)
  const quantile = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? NaN
  return { answered: took.length, failed, perSecond: (took.length * 1000) / elapsed, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** One request after another on a connection; resolves to the status, 0 when the connection broke. */
function asker(socket: Socket): (path: string) => Promise<number> {
  let answer: ((status: number) => void) | undefined
  let missing = 0
  let status = 0
  let head: Buffer = Buffer.alloc(0)
  const done = (how: number) => {
    const waiting = answer
    answer = undefined
    waiting?.(how)
  }
  socket.on('data', (chunk: Buffer) => {
    if (missing > 0) missing -= chunk.length
    else {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      const text = head.toString('latin1', 0, end)
      status = Number(text.slice(9, 12))
      missing = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0) - (head.length - end - 4)
      head = Buffer.alloc(0)
    }
    if (missing <= 0) done(status)
  })
  socket.on('error', () => done(0))
  socket.on('close', () => done(0))
  return (path) =>
    new Promise((resolve) => {
      answer = resolve
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
    })
}
