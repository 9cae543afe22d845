import { defineCommand } from '../command.ts'
import { counted } from '../render.ts'
import { textTable } from '../text-table.ts'

interface ReplayReply {
  readonly date: number
  readonly ended: 'done' | 'stopped'
  readonly ticks: number
  readonly stocks: number
  readonly comparedWith: { readonly own: number; readonly profile: number; readonly unknown: number }
  readonly milliseconds: number
  readonly ticksPerSecond: number
  readonly p99Micros: number
  readonly events: number
  readonly opportunities: readonly {
    readonly id: string
    readonly direction: string
    readonly state: string
    readonly endReason?: string
    readonly confidence: number
    readonly ref: number
    readonly last: number | null
    readonly mfe: number | null
    readonly mae: number | null
    readonly reason: { readonly zh: string }
  }[]
}

export const replay = defineCommand({
  name: 'replay',
  about: 'Send a recorded tick day through the fast river: the same opportunities, in the same order, as live',
  arguments: [],
  options: [
    { flags: '--date <date>', about: 'the trade date' },
    { flags: '--codes <codes...>', about: 'only these stocks; all with ticks by default' },
    { flags: '--speed <speed>', about: 'max (default) or a factor such as 60 for sixty times the clock' },
  ],
  examples: ['fupan replay --codes 300027.SZ --date 20180115 --speed max'],
  does: 'verb',
  args: (_positional, options) => ({
    ...(options['date'] === undefined ? {} : { date: options['date'] }),
    ...(options['codes'] === undefined ? {} : { codes: (options['codes'] as readonly string[]).flatMap((code) => code.split(',')) }),
    ...(options['speed'] === undefined ? {} : { speed: options['speed'] }),
  }),
  render(data) {
    const { date, ended, ticks, stocks, comparedWith, milliseconds, ticksPerSecond, p99Micros, events, opportunities } = data as ReplayReply
    const { own, profile, unknown } = comparedWith
    const head = [
      `${date}: ${counted(ticks)} ticks of ${stocks} ${stocks === 1 ? 'stock' : 'stocks'} in ${(milliseconds / 1000).toFixed(2)} s (${counted(Math.round(ticksPerSecond))}/s, p99 ${p99Micros.toFixed(0)} µs per tick), ${counted(events)} events`,
      `Known before the open: ${counted(own)} stocks by their own days, ${counted(profile)} by the market-wide profile.`,
      ...(unknown === 0
        ? []
        : [
            `${counted(unknown)} of them have no daily bars before ${date}, so nothing can be found in them. Import daily bars and build them with: fupan run --all`,
          ]),
      ...(ended === 'done' ? [] : ['The session was ended before its last tick.']),
    ].join('\n')
    if (opportunities.length === 0) return `${head}\nNo opportunity was found on this day.`
    const rows = opportunities.map((each) => [
      each.id,
      each.direction === 'long' ? '▲' : '▼',
      each.state,
      each.endReason ?? '',
      each.confidence.toFixed(3),
      each.ref,
      each.last,
      percent(each.mfe),
      percent(each.mae),
      each.reason.zh,
    ])
    return `${head}\n\n${textTable(['opportunity', '', 'state', 'end', 'confidence', 'ref', 'last', 'mfe', 'mae', 'reason'], rows, 70)}`
  },
})

function percent(value: number | null): string | null {
  return value === null ? null : `${(value * 100).toFixed(2)}%`
}
