/*
 * 引擎进程: the embedded engine in a process of its own, started by hosted-wire.ts with its options as JSON. It serves the wire on a Unix socket
 * that only its user can open, and ends with the process that started it, whatever way that one ends.
 */
import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { deserialize } from 'node:v8'
import type { Wire } from './client-engine.ts'
import { openEmbeddedWire, ownerOf } from './embedded-wire.ts'
import { FAILURE, packFailure, type HostedCall } from './hosted-call.ts'
import type { HostedWireOptions } from './hosted-wire.ts'

/** The engine's process of a program that was killed lets go of the directory within this time. */
const PREDECESSOR_MS = 3000
/** Replies to statements that were cancelled by the end are on their way for so long at most. */
const LAST_REPLIES_MS = 1000

const options = JSON.parse(process.argv[2]!) as HostedWireOptions
/** What can be cancelled, by the id of its call. */
const running = new Map<string, AbortController>()

// Ctrl+C reaches every process of a terminal. The one that started this one decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
// It is gone without a word. Statements are not waited for: the directory survives a kill, and the next one wants it.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

try {
  const wire = await openWire()
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (incoming, outgoing) => void answer(wire, incoming, outgoing))
  rmSync(options.socket, { force: true })
  server.listen(options.socket)
  await once(server, 'listening')
  chmodSync(options.socket, 0o600)
  process.send!({ type: 'ready' })
  await once(process, 'message')
  await wire.close()
  const closed = new Promise((resolve) => server.close(resolve))
  await Promise.race([closed, sleep(LAST_REPLIES_MS)])
  process.exit(0)
} catch (error) {
  // Expected: another process has the directory, there is no such library. The one that started this one says so.
  process.send!({ type: 'failed', failure: packFailure(error) }, () => process.exit(1))
}

/** The engine's process of a program that was killed a moment ago is let go first: to try and fail, the library would write to the terminal. */
async function openWire(): Promise<Wire> {
  const deadline = performance.now() + PREDECESSOR_MS
  while (ownerOf(options.directory) !== undefined && performance.now() < deadline) await sleep(20)
  return openEmbeddedWire(options)
}

async function answer(wire: Wire, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await buffer(incoming)
  if (incoming.url === '/cancel') {
    running.get(body.toString())?.abort()
    outgoing.end()
    return
  }
  const call = deserialize(body) as HostedCall
  const stop = new AbortController()
  // The reader left early.
  outgoing.on('close', () => stop.abort())
  running.set(call.id, stop)
  outgoing.writeHead(200, { Trailer: FAILURE })
  try {
    for await (const piece of resultOf(wire, call, stop.signal))
      if (piece.length > 0 && !outgoing.write(piece)) await once(outgoing, 'drain', { signal: stop.signal })
  } catch (error) {
    // Not handled here: it goes to the caller, who knows what was wanted.
    outgoing.addTrailers({ [FAILURE]: packFailure(error) })
  } finally {
    running.delete(call.id)
  }
  outgoing.end()
}

async function* resultOf(wire: Wire, { does, query, params, settings }: HostedCall, signal: AbortSignal): AsyncGenerator<Uint8Array | string, void, undefined> {
  const statement = { query, params, settings, signal }
  if (does === 'native') yield* wire.native(statement)
  else yield await (does === 'text' ? wire.text(statement) : wire.nativeWhole(statement))
}
