import type { PlantedRow } from '#app/sim-truth.ts'
import { UsageError } from '#core/errors.ts'
import { counted, fixed, heading, percent } from './render.ts'
import { textTable } from './text-table.ts'

export interface TruthReply {
  readonly action: 'truth-plant' | 'truth-list'
  readonly dryRun?: boolean
  readonly folder?: string
  readonly digest?: string
  readonly items: number
  readonly date?: number
  readonly planted: readonly PlantedRow[]
  /** Of a wave: members that do not trade that day. */
  readonly missing?: readonly { readonly item: number; readonly type: string; readonly symbol: string; readonly date: number }[]
}

/** How the detectors find one kind of what a script planted. */
export interface ScoredKindReply {
  readonly type: string
  readonly detector: string
  readonly isRegistered: boolean
  readonly planted: number
  readonly found: number
  readonly findings: number
  readonly explained: number
  readonly precision: number | null
  readonly recall: number | null
  readonly delay: number | null
  readonly least: { readonly recall: number; readonly precision: number }
  readonly pass: boolean
}

export const TRUTH_OPTIONS = [
  { flags: '--dry-run', about: 'truth plant: say what would come about, keep nothing' },
  { flags: '--date <date>', about: 'truth list: one trading day, YYYYMMDD' },
] as const

type Numbers = (...names: readonly string[]) => Readonly<Record<string, number>>

/** Arguments of `sim truth …` from the words after `truth`. Throws UsageError. */
export function truthArgs(
  words: readonly string[],
  options: Readonly<Record<string, unknown>>,
  only: (...names: readonly string[]) => void,
  numbers: Numbers,
): unknown {
  const [what, path, ...rest] = words
  if (rest.length > 0) throw new UsageError(`Cannot do "sim truth ${what}" with ${rest.length + 1} files: it takes one script`)
  switch (what) {
    case 'score':
      only('count', 'seed')
      return { action: 'truth-score', ...numbers('count', 'seed'), ...(path === undefined ? {} : { path }) }
    case 'plant':
      only('dryRun', 'days', 'size', 'seed')
      if (path === undefined) throw new UsageError('Cannot plant without a script: name a JSON file, such as fupan sim truth plant docs/example-script.json')
      return { action: 'truth-plant', path, dryRun: options['dryRun'] === true, ...numbers('days', 'size', 'seed') }
    case 'list':
      only('date')
      if (path !== undefined) throw new UsageError(`Cannot list ${path}: the list is of what is planted. Name a day with --date`)
      return { action: 'truth-list', ...numbers('date') }
    default:
      throw new UsageError(`Cannot do "sim truth ${what ?? ''}": what there is: score [script.json], plant <script.json>, list`)
  }
}

export function truthText({ action, dryRun, folder, digest, items, date, planted, missing = [] }: TruthReply): string {
  const rows = planted.map(({ item, type, phase, symbol, date: day, t0, t1, outcome, plantedValue, plantedNet, realised }) => [
    String(item),
    phase === '' ? type : `${type}, ${phase.replaceAll('_', ' ')}`,
    symbol,
    String(day),
    `${clock(t0)}–${clock(t1)}`,
    outcome,
    millions(plantedValue),
    millions(plantedNet),
    realised.map(({ name, planned, realised: found }) => `${name} ${shown(name, found)} (${shown(name, planned)})`).join(', '),
  ])
  const head =
    action === 'truth-list'
      ? `${items} items are planted${date === undefined ? '' : `; on ${date}`}`
      : dryRun === true
        ? `would be planted in ${folder}; nothing is kept`
        : `planted in ${folder}: ${items} items in all, digest ${digest?.slice(0, 8)}`
  return [
    heading(head),
    '',
    planted.length === 0
      ? 'Nothing is planted. See docs/scripts.md'
      : textTable(['', 'what', 'where', 'date', 'when', 'outcome', 'million CNY', 'net bought', 'came about (as planned)'], rows, 90),
    ...missing.map(({ item, type, symbol, date: day }) => `Not planted: item ${item} (${type}) in ${symbol}, which does not trade on ${day}.`),
  ].join('\n')
}

export function scriptScoreText(kinds: readonly ScoredKindReply[]): string {
  const rows = kinds.map(({ type, detector, isRegistered, planted, found, findings, explained, precision, recall, delay, least, pass }) =>
    isRegistered
      ? [
          pass ? '✓' : '✗',
          type,
          detector,
          counted(planted),
          counted(found),
          percent(recall, 0),
          `≥ ${percent(least.recall, 0)}`,
          `${counted(explained)} of ${counted(findings)}`,
          percent(precision, 0),
          `≥ ${percent(least.precision, 0)}`,
          fixed(delay, 0),
        ]
      : ['·', type, `${detector} (none yet)`, counted(planted), '', '', '', '', '', '', ''],
  )
  return `${heading('Detectors on the days of the script')}\n\n${textTable(['', 'planted', 'detector', 'times', 'found', 'recall', '', 'explained findings', 'precision', '', 'median delay, s'], rows, 60)}`
}

function clock(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(11, 19)
}

function millions(cny: number): string {
  return fixed(cny / 1e6, 2)
}

function shown(name: string, value: number): string {
  switch (name) {
    case 'amplitude':
    case 'imbalance':
      return percent(value)
    case 'value':
      return `${millions(value)} M`
    case 'time':
      return new Date(value * 1000).toISOString().slice(11, 19)
    case 'volume':
      return `${fixed(value, 2)} times`
    case 'level':
      return fixed(value, 2)
    default:
      return String(value)
  }
}
