import type { World } from '#app/config.ts'
import { readConfig } from '#app/config.ts'
import { callVerb } from '#app/call-verb.ts'
import { liveMarketArgs } from '#app/live-market-args.ts'
import { readArgs } from '#app/run-verb.ts'
import { serveWorld } from '#app/serve-world.ts'
import { systemClock } from '#app/system-clock.ts'
import { UsageError } from '#core/errors.ts'
import type { CommandDefinition } from './command.ts'
import { jsonProgress, plainProgress, repaintedProgress, type ProgressReader } from './progress.ts'

/** Run one command: here, or in the server that owns the world. Returns the exit code. */
export async function runCommand(command: CommandDefinition, positional: readonly unknown[], options: Readonly<Record<string, unknown>>): Promise<number> {
  const config = readConfig({
    ...(typeof options['dataDir'] === 'string' ? { dataDirectory: options['dataDir'] } : {}),
    ...(typeof options['port'] === 'string' ? { port: portOf(options['port']) } : {}),
    ...(typeof options['host'] === 'string' ? { host: options['host'] } : {}),
  })
  const json = options['json'] === true
  const reader = progressReader(json)
  const stop = new AbortController()
  let asked = 0
  const onSignal = () => {
    if (++asked > 1) process.exit(130)
    stop.abort()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  try {
    const args = command.args(positional, options)
    const world = worldOf(options['world']) ?? command.world
    const context = { emit: reader.read, signal: stop.signal, folder: process.cwd() }
    const does = typeof command.does === 'function' ? command.does(args) : command.does
    if (does !== 'verb') {
      return await serveWorld({
        config,
        clock: systemClock,
        world,
        demo: does === 'demo',
        ...(does === 'live' ? { market: readArgs('sim run', liveMarketArgs, args) } : {}),
        tell: (data) => {
          reader.end()
          process.stdout.write(`${json ? JSON.stringify(data) : command.render(data)}\n`)
        },
        args: args as Record<string, unknown>,
        ...context,
        say: (text) => reader.read({ type: 'message', level: 'note', text }),
      })
    }
    const reply = await callVerb({ config, clock: systemClock, world, verb: command.name, args, ...context })
    reader.end()
    const text = json ? JSON.stringify(reply.data) : command.render(reply.data)
    if (text !== '') process.stdout.write(`${text}\n`)
    return reply.exitCode
  } finally {
    reader.end()
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

function progressReader(json: boolean): ProgressReader {
  if (json) return jsonProgress(process.stderr)
  return process.stderr.isTTY ? repaintedProgress(process.stderr, () => performance.now()) : plainProgress(process.stderr, () => performance.now())
}

function worldOf(text: unknown): World | undefined {
  if (text === undefined || text === 'sim' || text === 'market') return text
  throw new UsageError(`Cannot use the world ${JSON.stringify(text)}: it is sim or market`)
}

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`Cannot listen on port ${JSON.stringify(text)}: it is a whole number from 0 to 65535`)
  return port
}
