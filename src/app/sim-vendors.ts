import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { UsageError } from '#core/errors.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { EXIT } from '#dag/outcome.ts'
import { faultPlan, type FaultPlan } from '#market/fault-plan.ts'
import { STRESS_FAULTS } from '#market/stress-faults.ts'
import { createWorld, type WorldSettings } from '#market/world.ts'
import { simulator } from '#sources/simulator.ts'
import { faultLine, toldOnce } from '#vendor/fault-log.ts'
import { QuoteDesk } from '#vendor/quote-desk.ts'
import { createVendorServer, marketClock } from '#vendor/vendor-server.ts'
import { z } from 'zod'
import type { App } from './app.ts'
import { readFaultFile } from './fault-config.ts'
import { settingsOf, type SimulatedWorld } from './simulated-source.ts'
import type { VerbContext, VerbReply } from './verb.ts'

/** The key of every fake vendor that asks for one: no secret, nothing real answers to it. */
const VENDOR_TOKEN = 'simulated-vendor-token'

/** `fupan sim vendors`: port 0 is any free one. */
export const vendorsArgs = z.strictObject({
  action: z.literal('vendors'),
  port: z.number().int().min(0).max(65_535).default(8720),
  /** A JSON file. */
  faults: z.string().min(1).max(4096).optional(),
  date: z.number().int().optional(),
  at: z
    .string()
    .regex(/^\d{1,2}:\d{2}$/)
    .default('09:15'),
  speed: z.number().min(0).max(10_000).default(1),
  rate: z.number().int().min(1).max(1_000_000).optional(),
  pushEveryMs: z.number().int().min(10).max(60_000).default(1000),
})

/**
 * 假数据商: serve the simulated market in the shapes of TuShare, Eastmoney, Tencent, Sina and TickDB on this machine alone, from a moment of one of its days on, until stopped. Injected
 * faults are appended to `vendor-faults.jsonl` in the world's folder, one line each.
 */
export async function serveVendors(
  app: App,
  world: SimulatedWorld,
  args: z.output<typeof vendorsArgs>,
  { emit, signal, folder }: VerbContext,
): Promise<VerbReply> {
  const settings = settingsOf(world, app.calendar, app.calendar.lastCompleted(app.clock.now()))
  const date = dayOf(settings, args.date)
  const plan = planOf(args.faults, world, folder)
  const start = instantOf(date, momentOf(args.at))
  const logPath = join(app.folders.root, 'vendor-faults.jsonl')
  const log = await openLog(logPath)
  log.on('error', ({ message }) => emit({ type: 'message', level: 'warning', text: `The fault log ends here, further faults are not written: ${message}` }))
  let faults = 0
  const context = {
    source: simulator(settings),
    desk: new QuoteDesk(createWorld(settings)),
    plan,
    token: VENDOR_TOKEN,
    ratePerMinute: args.rate ?? Infinity,
    now: marketClock(start, args.speed, () => app.clock.now()),
    wallNow: () => app.clock.now(),
    onFault: toldOnce((fault) => {
      faults++
      log.write(faultLine(fault))
    }),
  }
  const server = await createVendorServer({ context, pushEveryMs: args.pushEveryMs })
  try {
    const address = await listen(server, args.port)
    emit({
      type: 'message',
      level: 'note',
      text:
        `Fake vendors at ${address}, simulated day ${date} from ${args.at} on at ${args.speed} × real time. Every number is invented. ` +
        `/tushare, /eastmoney, /tencent, /sina, /tickdb; token ${VENDOR_TOKEN}; faults go to ${logPath}. Stop with Ctrl-C.`,
    })
    if (!signal.aborted) await once(signal, 'abort')
    return { exitCode: EXIT.success, data: { action: 'vendors', address, date, faults, log: logPath } }
  } finally {
    await server.close()
    log.end()
    // A log that broke was told of when it did.
    await finished(log).catch(() => {})
  }
}

async function openLog(path: string): Promise<WriteStream> {
  const log = createWriteStream(path, { flags: 'a' })
  try {
    await once(log, 'open')
  } catch (error) {
    // Expected: a folder that cannot be written to.
    throw new UsageError(`Cannot write the faults to ${path}: ${(error as Error).message}. Make the folder writable, or use another FUPAN_DATA_DIR`, {
      cause: error,
    })
  }
  return log
}

/** Only this machine can ask: the fake vendors have no users and need none. */
async function listen(server: Awaited<ReturnType<typeof createVendorServer>>, port: number): Promise<string> {
  try {
    return await server.listen({ host: '127.0.0.1', port })
  } catch (error) {
    // Expected: somebody else listens there.
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new UsageError(`Cannot serve the fake vendors on port ${port}: another program listens there. Choose another one with --port`)
  }
}

function dayOf({ dates }: WorldSettings, asked: number | undefined): TradeDate {
  const last = dates.at(-1)!
  if (asked === undefined) return last
  const date = dates.find((each) => each === asked)
  if (date === undefined)
    throw new UsageError(`Cannot serve ${asked}: the simulated market has the trading days from ${dates[0]} to ${last}. Choose one of them with --date`)
  return tradeDate(date)
}

function momentOf(text: string): number {
  try {
    return clockTime(text)
  } catch {
    // Expected: 25:99 looks like a time.
    throw new UsageError(`Cannot begin at ${text}: it is a time of day such as 09:30`)
  }
}

function planOf(file: string | undefined, { seed, preset }: SimulatedWorld, folder: string): FaultPlan {
  const config = file !== undefined ? readFaultFile(file, folder) : preset === 'stress' ? STRESS_FAULTS : { rates: {} }
  try {
    return faultPlan(config, seed)
  } catch (error) {
    // Expected: rates that compete for more than the whole.
    throw new UsageError((error as Error).message, { cause: error })
  }
}
