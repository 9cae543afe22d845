import type { Calendar } from '#core/calendar.ts'
import { nearest, UsageError } from '#core/errors.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { SCENARIO_TYPES } from '#market/scenario-plan.ts'
import type { Script, ScriptCall } from '#market/script.ts'
import { z } from 'zod'

const sized = z.number().positive()

/** The calls of a script; what they mean and their defaults stand with the types of market/script.ts. */
function callShapes<Day extends z.ZodType, Level extends z.ZodType>(day: Day, level: Level) {
  const placed = { symbol: z.string(), date: day, t: z.string() }
  return [
    z.strictObject({
      call: z.enum(['surge', 'fade']),
      ...placed,
      amp: sized,
      dur: sized.optional(),
      volMult: sized.optional(),
      imb: z.number().optional(),
    }),
    z.strictObject({ call: z.literal('limit_up'), ...placed, breaks: z.number().int().min(0).optional() }),
    z.strictObject({ call: z.literal('second_board'), ...placed, t2: z.string().optional(), breaks: z.number().int().min(0).optional() }),
    z.strictObject({
      call: z.literal('sector_wave'),
      board: z.string(),
      date: placed.date,
      t: placed.t,
      amp: sized,
      dur: sized.optional(),
      lagCurve: z.array(z.number().min(0)).optional(),
      leader: z.string().optional(),
      leaderAmp: sized.optional(),
    }),
    z.strictObject({ call: z.literal('money_burst'), ...placed, value: sized, side: z.enum(['buy', 'sell']), dur: sized.optional() }),
    z.strictObject({ call: z.enum(['level_bounce', 'level_break']), ...placed, L: level, hold: sized.optional(), amp: sized.optional() }),
    z.strictObject({ call: z.literal('market_drop'), date: placed.date, t: placed.t, amp: sized, dur: sized, retrace: z.number().min(0).optional() }),
    z.strictObject({ call: z.enum(SCENARIO_TYPES), ...placed, L: level, strength: z.number().optional() }),
    z.strictObject({
      call: z.literal('pump_dump'),
      symbol: placed.symbol,
      date: placed.date,
      rise: sized.optional(),
      fall: sized.optional(),
      accumulate: z.number().int().min(0).optional(),
      pump: z.number().int().min(1).optional(),
      dump: z.number().int().min(1).optional(),
    }),
  ] as const
}

const keptShapes = callShapes(z.number().int(), sized)

/** A script as it is kept: every day and price is settled. */
export const scriptShape = z.array(z.discriminatedUnion('call', keptShapes))

/** A day may be counted in open days, `+1` the first after what is there, `-0` the last completed one; a level may be given in percent of the day's reference price. */
const writtenShape = z.array(
  z.discriminatedUnion(
    'call',
    callShapes(z.union([z.number().int(), z.string().regex(/^[+-]\d+$/)]), z.union([sized, z.string().regex(/^[+-]\d+(\.\d+)?%$/)])),
  ),
)

/** Calls as a person wrote them. */
export type WrittenScript = z.output<typeof writtenShape>

const CALLS: readonly string[] = keptShapes.flatMap(({ shape }) => ('values' in shape.call ? [...shape.call.values] : shape.call.options))

/** The calls of a script written as JSON. Throws UsageError naming the item and the field that is wrong. `name` is what the script is called in messages. */
export function readScript(text: string, name: string): WrittenScript {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    // Expected: what a person wrote is no JSON.
    throw new UsageError(`Cannot read the script ${name}: ${(error as Error).message}. Write a JSON list of calls, see docs/scripts.md`, { cause: error })
  }
  if (!Array.isArray(content)) throw new UsageError(`Cannot read the script ${name}: it is no list. Write [ … ] around its calls, see docs/scripts.md`)
  if (content.length === 0) throw new UsageError(`Cannot read the script ${name}: it has no calls. See docs/scripts.md`)
  for (const [item, each] of content.entries()) {
    const call: unknown = (each as { call?: unknown } | null)?.call
    if (typeof call === 'string' && CALLS.includes(call)) continue
    const like = typeof call === 'string' ? nearest(call, CALLS) : undefined
    throw new UsageError(
      `Cannot plant item ${item + 1}, field "call": ${call === undefined ? 'it is missing' : `there is no ${JSON.stringify(call)}`}. ${like === undefined ? `Choose one of ${CALLS.join(', ')}` : `Did you mean ${like}?`}`,
    )
  }
  const parsed = writtenShape.safeParse(content)
  if (parsed.success) return parsed.data
  const { path, message, code, ...issue } = parsed.error.issues[0]!
  const item = Number(path[0])
  const field =
    path.length > 1 ? path.slice(1).join('.') : code === 'unrecognized_keys' ? String((issue as unknown as { keys: readonly string[] }).keys[0]) : '?'
  const { call } = content[item] as { call: string }
  throw new UsageError(`Cannot plant item ${item + 1} (${call}), field "${field}": ${message.replace(/\.$/, '')}. Correct it, see docs/scripts.md`)
}

/** What a written script is settled against. */
interface Settling {
  readonly calendar: Calendar
  /** The last completed trading day, and the last one that is there already, if that is later. */
  readonly last: TradeDate
  readonly after: TradeDate
  /** The reference price of a stock on a day, CNY, where calls on earlier days are planted; undefined where it does not trade. */
  readonly referenceOf: (symbol: string, date: TradeDate, earlier: Script) => number | undefined
}

/** Put days and prices in the place of what was counted from others, the earlier days first. Throws UsageError naming the item and the field. */
export function settleScript(written: WrittenScript, { calendar, last, after, referenceOf }: Settling): Script {
  const dated = written.map((call, item) => {
    const { date } = call
    return { ...call, date: typeof date === 'number' ? date : dayOf(date, `item ${item + 1} (${call.call})`, calendar, date.startsWith('+') ? after : last) }
  })
  const settled: ScriptCall[] = []
  for (const [item, call] of [...dated.entries()].toSorted(([, a], [, b]) => a.date - b.date)) {
    if (!('L' in call)) settled[item] = call
    else if (typeof call.L === 'number') settled[item] = { ...call, L: call.L }
    else {
      const earlier = settled.filter((each) => each !== undefined && each.date < call.date)
      const reference = referenceOf(call.symbol, call.date as TradeDate, earlier)
      if (reference === undefined)
        throw new UsageError(
          `Cannot plant item ${item + 1} (${call.call}), field "L": ${call.symbol} does not trade on ${call.date}, so ${call.L} of its reference price is nothing. Choose another day or stock`,
        )
      settled[item] = { ...call, L: Math.round(reference * (100 + Number(call.L.slice(0, -1)))) / 100 }
    }
  }
  return settled
}

function dayOf(text: string, at: string, calendar: Calendar, from: TradeDate): TradeDate {
  const steps = Number(text)
  try {
    return calendar.shift(from, steps)
  } catch (error) {
    // Expected: further than the calendar reaches.
    throw new UsageError(`Cannot plant ${at}, field "date": the calendar does not reach ${text} open days from ${from}. Count fewer`, { cause: error })
  }
}
