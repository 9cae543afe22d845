import { createServer } from '#api/server.ts'
import { ConfigError } from '#core/errors.ts'
import type { Clock } from '#core/clock.ts'
import type { FastifyInstance } from 'fastify'
import { join } from 'node:path'
import { openApp, type App } from './app.ts'
import { chooseWorld } from './choose-world.ts'
import type { Config, World } from './config.ts'
import { serveControl } from './control-socket.ts'
import { drawnMarket } from './drawn-market.ts'
import { foldedDays } from './folded-days.ts'
import { createLog } from './log.ts'
import { runLiveMarket } from './live-market.ts'
import type { LiveMarketArgs } from './live-market-args.ts'
import { createMetrics } from './metrics.ts'
import { playDemo } from './play-demo.ts'
import { tableStates } from './table-states.ts'
import type { VerbContext } from './verb.ts'
import { VERSION } from './version.ts'
import { WORLD_LABELS } from './world.ts'

export interface ServeRequest extends VerbContext {
  readonly config: Config
  readonly clock: Clock
  readonly world: World | undefined
  /** Make and play the simulated market as well. */
  readonly demo: boolean
  /** Run the simulated market live as well, until it ends. */
  readonly market?: LiveMarketArgs
  /** What came of it. */
  readonly tell: (data: unknown) => void
  readonly args: Readonly<Record<string, unknown>>
  readonly say: (text: string) => void
}

/** Own a world and serve it until told to stop: pages, API, socket, control socket. Returns the exit code. */
export async function serveWorld({ config, clock, world: asked, demo, market, args, signal, say, tell, emit, folder }: ServeRequest): Promise<number> {
  const world = demo ? 'sim' : chooseWorld(config, clock, asked)
  const log = createLog({ level: 'warn' })
  const opened = await openApp({ config, world, clock, log, engineApart: market !== undefined, ...(demo ? { simulated: args } : {}) })
  if (opened.type === 'held') {
    const { pid, host, port, since } = opened.by
    const minutes = Math.round((clock.now() - since) / 60_000)
    throw new ConfigError(
      `Cannot serve ${config.dataDirectory.value}: process ${pid} on ${host} has done so for ${minutes} min${port === undefined ? '' : `, at http://127.0.0.1:${port}`}. Stop it first, or use another FUPAN_DATA_DIR`,
    )
  }
  const { app } = opened
  try {
    if (demo && args['once'] === true) return await playDemo(app, { emit, signal, folder }, say, { once: true, speed: 0 })
    const control = await serveControl(app)
    const server = await startServer(app)
    try {
      const { port } = server.server.address() as { port: number }
      const url = `http://${config.host.value.includes(':') ? `[${config.host.value}]` : config.host.value}:${port}`
      app.ledger.publishAddress({ url, port, socket: control.path })
      say(`Fupan ${VERSION}, ${WORLD_LABELS[world].en.toLowerCase()}: ${url}`)
      if (demo) await playDemo(app, { emit, signal, folder }, say, { once: false, speed: Number(args['speed'] ?? 30) })
      if (!signal.aborted) say(`Ready: ${url}   (stop with Ctrl+C)`)
      const stop = AbortSignal.any([signal, app.ended])
      if (market === undefined) await aborted(stop)
      else tell({ action: 'run', ...(await runLiveMarket(app, { ...market, emit, signal: stop, folder })) })
      return 0
    } finally {
      say('Stopping …')
      await server.close()
      await control.close()
    }
  } finally {
    await app.close()
  }
}

/** A market further behind the clock than this is not ready (spec simulator §15.5). */
const MOST_LAG_SECONDS = 90

/** The HTTP server of a world, listening. */
export async function startServer(app: App, port: number = app.config.port.value): Promise<FastifyInstance> {
  const metrics = createMetrics(app)
  const engineVersion = await app.engine.version()
  const server = await createServer({
    context: {
      engine: app.engine,
      clock: app.clock,
      live: app.live,
      ...(app.world === 'sim' ? drawnMarket(app) : {}),
      folded: foldedDays(app),
      barLabel: app.config.barLabel.value,
      warehouse: {
        sourceLabel: WORLD_LABELS[app.world],
        simulated: app.world === 'sim',
        engineVersion,
        lastCompleted: () => app.calendar.lastCompleted(app.clock.now()),
        tables: () => tableStates(app),
        latestRun() {
          const [run] = app.ledger.runs.latest(1)
          if (run === undefined) return undefined
          const tasks = app.ledger.runs.read(run.run_id)?.tasks ?? []
          return {
            run: run.run_id,
            state: run.status,
            startedAt: run.started_at ?? 0,
            endedAt: run.ended_at ?? undefined,
            failedTasks: tasks.filter(({ status }) => status === 'FAILED').map(({ job_name }) => job_name),
          }
        },
      },
    },
    channels: app.live,
    token: app.config.token.value,
    pages: join(import.meta.dirname, '..', '..', 'dist'),
    version: VERSION,
    log: app.log,
    isReady: () => !app.ended.aborted && app.liveMarket.lag(app.clock.now()) < MOST_LAG_SECONDS,
    metrics,
  })
  try {
    await server.listen({ host: app.config.host.value, port })
  } catch (error) {
    // Expected: the port is taken.
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new ConfigError(`Cannot listen on port ${port}: another program uses it. Choose another with --port or FUPAN_PORT`, { cause: error })
  }
  return server
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
}
