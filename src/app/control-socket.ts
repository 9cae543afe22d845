import { createServer, request, type Server } from 'node:http'
import { chmodSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { ConfigError, UsageError } from '#core/errors.ts'
import type { App } from './app.ts'
import { runVerb } from './run-verb.ts'
import { socketPath } from './socket-path.ts'
import type { VerbEvent, VerbReply } from './verb.ts'

/** What travels over the socket, one JSON line each. */
type Line =
  | { readonly type: 'event'; readonly event: VerbEvent }
  | { readonly type: 'reply'; readonly reply: VerbReply }
  | { readonly type: 'error'; readonly name: string; readonly message: string }

/**
 * 控制口: how a command line reaches the process that owns the directory. A Unix socket (a named pipe on Windows) that only this user can
 * open; nothing of it is on the network, so no page can reach it. Requests name a verb and its arguments; the answer is a stream of events.
 */
export async function serveControl(app: App): Promise<{ readonly path: string; close(): Promise<void> }> {
  const path = socketPath(app.folders.root, 'control')
  if (process.platform !== 'win32') rmSync(path, { force: true })
  const server = createServer((incoming, outgoing) => {
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    const say = (line: Line) => outgoing.write(`${JSON.stringify(line)}\n`)
    void readBody(incoming).then(async (body) => {
      const { verb, args, folder } = JSON.parse(body) as { readonly verb: string; readonly args: unknown; readonly folder: string }
      outgoing.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
      try {
        say({ type: 'reply', reply: await runVerb(app, verb, args, { emit: (event) => say({ type: 'event', event }), signal: gone.signal, folder }) })
      } catch (error) {
        // One of the four places: around one command. The caller shows it as if it had happened there.
        const { name, message } = error as Error
        if (!(error instanceof UsageError) && !(error instanceof ConfigError)) app.log.error({ err: error, verb }, 'a command failed by a fault of the program')
        say({ type: 'error', name, message })
      }
      outgoing.end()
    })
  })
  await listen(server, path)
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  return { path, close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()) }
}

/** Ask the owner to run a verb. Throws what the verb threw there, by name. */
export async function callControl(
  path: string,
  verb: string,
  args: unknown,
  { emit, signal, folder }: { readonly emit: (event: VerbEvent) => void; readonly signal: AbortSignal; readonly folder: string },
): Promise<VerbReply> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: path, method: 'POST', path: '/verb', headers: { 'Content-Type': 'application/json' }, signal }, (response) => {
      let reply: VerbReply | undefined
      let failure: Error | undefined
      const lines = createInterface({ input: response })
      lines.on('line', (text) => {
        const line = JSON.parse(text) as Line
        if (line.type === 'event') emit(line.event)
        else if (line.type === 'reply') reply = line.reply
        else
          failure =
            line.name === 'UsageError' ? new UsageError(line.message) : line.name === 'ConfigError' ? new ConfigError(line.message) : new Error(line.message)
      })
      lines.on('close', () => {
        if (failure !== undefined) reject(failure)
        else if (reply !== undefined) resolve(reply)
        else reject(new Error('The running server ended before it answered. See `fupan status` after starting it again'))
      })
      response.on('error', reject)
    })
    call.on('error', reject)
    call.end(JSON.stringify({ verb, args, folder }))
  })
}

async function readBody(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > 1_000_000) throw new RangeError('Cannot read the command: it is larger than 1 MB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}
