import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Calendar } from '#core/calendar.ts'
import type { Clock } from '#core/clock.ts'
import { ConfigError } from '#core/errors.ts'
import type { Source } from '#core/source.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { openLedger, type Ledger } from '#ledger/ledger.ts'
import type { Holder } from '#ledger/directory-lease.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { openEngine } from '#warehouse/engine/open-engine.ts'
import { dropOrphans } from '#warehouse/load.ts'
import { createTables, differences, recreate } from '#warehouse/schema.ts'
import { tables } from '#warehouse/tables.ts'
import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Config, World } from './config.ts'
import { LiveMarketStats } from './live-market-stats.ts'
import { LiveRiver } from './live-river.ts'
import { marketSource } from './market-source.ts'
import { finishImports } from './recover-imports.ts'
import { settleWorld, simulatedSource } from './simulated-source.ts'
import { socketPath } from './socket-path.ts'
import { foldersOf, type WorldFolders } from './world.ts'

/** 装配: everything a verb or the server needs, wired once. The process that holds it owns the world's directory. */
export interface App {
  readonly config: Config
  readonly world: World
  readonly folders: WorldFolders
  readonly clock: Clock
  readonly log: Logger
  readonly ledger: Ledger
  readonly engine: Engine
  readonly calendar: Calendar
  /** Where missing raw data come from; the real world has none unless an account is configured: it lives on imports. */
  readonly source: Source | undefined
  /** First day of the simulated market; absent in the real one. */
  readonly simulatedFrom: TradeDate | undefined
  readonly live: LiveRiver
  readonly liveMarket: LiveMarketStats
  /** Aborts when the directory was lost to another process or the program ends. */
  readonly ended: AbortSignal
  close(): Promise<void>
}

export interface AppOptions {
  readonly config: Config
  readonly world: World
  readonly clock: Clock
  readonly log: Logger
  /** Give the embedded engine a process of its own: the memory, threads and life of a daemon are then not the engine's. */
  readonly engineApart?: boolean
  /** How large a simulated world to make when there is none yet. */
  readonly simulated?: { readonly seed?: number; readonly size?: number; readonly days?: number }
}

/** The world is ours, or somebody else holds it. */
export type Opened = { readonly type: 'opened'; readonly app: App } | { readonly type: 'held'; readonly by: Holder }

/**
 * Open a world: take the lease, open the engine, make missing tables, finish what a killed process left half done.
 * Throws ConfigError when the tables on disk were made by another version in a way that cannot be rebuilt.
 */
export async function openApp({ config, world, clock, log, engineApart = false, simulated }: AppOptions): Promise<Opened> {
  const folders = foldersOf(config, world)
  mkdirSync(folders.root, { recursive: true })
  const ledger = openLedger({ directory: folders.root, clock, processId: process.pid, hostName: hostname() })
  const ownership = ledger.acquireDirectory()
  if (ownership.type === 'held') {
    ledger.close()
    return ownership
  }
  const ended = new AbortController()
  void ownership.lease.keepAlive().then((end) => {
    if (end === 'lost') log.fatal('another process took the data directory over; stopping')
    ended.abort()
  })
  let engine: Engine | undefined
  try {
    const { memoryBytes, clickhouseUrl } = config
    engine = await openEngine({
      directory: folders.engine,
      threadPoolSize: config.threadPoolSize,
      ...(engineApart ? { socket: socketPath(folders.root, 'engine') } : {}),
      ...(clickhouseUrl.value === undefined ? {} : { url: clickhouseUrl.value }),
      ...(memoryBytes.value === undefined ? {} : { memoryBytes: memoryBytes.value }),
    })
    await settleTables(engine, ledger, log)
    const kept = await finishImports(engine, ledger, ownership.unfinishedImports, log)
    await dropOrphans(engine, kept)
    for (const run of ownership.abandonedRuns) log.warn({ run }, 'a run was left behind by a process that died; what it finished is kept, the rest runs again')
    const made = world === 'sim' ? settleWorld(folders.root, aShareCalendar, clock.now(), simulated) : undefined
    const source = made === undefined ? marketSource(config, clock) : simulatedSource(folders.root, made, aShareCalendar, clock)
    const live = new LiveRiver({ engine, ledger, clock, calendar: aShareCalendar, log })
    const opened = engine
    const app: App = {
      config,
      world,
      folders,
      clock,
      log,
      ledger,
      engine,
      calendar: aShareCalendar,
      source,
      simulatedFrom: made?.firstDate,
      live,
      liveMarket: new LiveMarketStats(),
      ended: ended.signal,
      async close() {
        await live.close()
        await opened.close()
        ledger.close()
        ended.abort()
      },
    }
    return { type: 'opened', app }
  } catch (error) {
    // Not handled: what was opened is given back, then the reason goes on.
    await engine?.close()
    ledger.close()
    throw error
  }
}

/** Tables that can be built again are made anew when their columns changed; raw data never are. */
async function settleTables(engine: Engine, ledger: Ledger, log: Logger): Promise<void> {
  await createTables(engine, tables)
  const changed = Map.groupBy(await differences(engine, tables), ({ table }) => table)
  for (const [name, found] of changed) {
    const table = tables.find((each) => each.name === name)!
    const what = found.map(({ column, found: is, expected }) => `${column} is ${is ?? 'absent'}, expected ${expected ?? 'absent'}`).join('; ')
    if (table.build.by === 'fetch') {
      const [rows] = await engine.rows<{ rows: number }>(`select toUInt32(count()) as rows from fupan.${name}`)
      if (rows!.rows > 0)
        throw new ConfigError(
          `Cannot open this data directory: ${name} was made by another version of Fupan (${what}). Import into a fresh FUPAN_DATA_DIR, or use the version that made it`,
        )
    }
    log.warn({ table: name, what }, 'table definition changed: it is made anew and built again')
    await recreate(engine, table)
    ledger.partitions.remove(name, 0 as never, 99_999_999 as never)
  }
}
