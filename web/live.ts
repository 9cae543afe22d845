import type { BarWire } from './bar-wire.ts'
import { asked, CHANNEL, type Frame, type OpportunityList } from './state/opportunity-list.ts'
import type { Connection } from './state/live-list.ts'

/** The part of a WebSocket the client needs. */
interface Wire {
  send(text: string): void
  /** Hang up; `closed` follows. */
  close(): void
}

/** What a wire tells: once opened, then texts, once closed. A wire that never opened is closed all the same. */
export interface WireEvents {
  readonly opened: () => void
  readonly said: (text: unknown) => void
  readonly closed: () => void
}

/** Where frames go and what the list looks like now. */
interface LiveTarget {
  readonly list: () => OpportunityList
  readonly fold: (frames: readonly Frame[]) => void
  readonly replace: (list: OpportunityList) => void
  readonly connect: (connection: Connection) => void
}

export interface LiveOptions {
  readonly open: (events: WireEvents) => Wire
  readonly target: LiveTarget
  /** The k-line channels on the same wire. */
  readonly bars?: Pick<BarWire, 'opened' | 'said' | 'closed'>
  /** Run later; returns how to call it off. */
  readonly later: (run: () => void, milliseconds: number) => () => void
  /** A number in [0, 1): spreads the reconnects of many pages. */
  readonly random: () => number
}

/** Frames are folded together at this pace, so that a burst is one redraw. */
export const FLUSH_MS = 200
/** The server beats every 10 s; without any frame for this long the line is taken for dead. */
export const SILENCE_MS = 25_000
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 15_000

/**
 * Keep one socket to the server (spec intraday §15.2): subscribe, resume by epoch and seq after a break, ask for a snapshot after a gap,
 * answer heartbeats, reconnect with growing pauses. Returns how to end it.
 */
export function openLive({ open, target, bars, later, random }: LiveOptions): () => void {
  let wire: Wire | undefined
  let attempt = 0
  let question = 0
  let buffer: Frame[] = []
  let ended = false
  let cancelFlush: (() => void) | undefined
  let cancelSilence = () => {}
  let cancelRetry = () => {}

  const subscribe = () => {
    const { phase, epoch, seq } = target.list()
    const since = epoch === undefined || phase === 'lost' ? {} : { since: { epoch, seq } }
    wire?.send(JSON.stringify({ op: 'sub', id: String(++question), ch: CHANNEL, ...since }))
    target.replace(asked(target.list()))
  }

  const flush = () => {
    cancelFlush = undefined
    const frames = buffer
    buffer = []
    target.fold(frames)
    const { phase } = target.list()
    if (phase === 'behind' || phase === 'lost') subscribe()
  }

  const heard = () => {
    cancelSilence()
    cancelSilence = later(() => wire?.close(), SILENCE_MS)
  }

  const opened = () => {
    attempt = 0
    target.connect('open')
    heard()
    subscribe()
    bars?.opened((message) => wire?.send(JSON.stringify(message)))
  }

  const said = (text: unknown) => {
    const frame = readFrame(text)
    if (frame === undefined) return
    heard()
    if (frame.op === 'hb') wire?.send('{"op":"pong"}')
    bars?.said(frame)
    if ('ch' in frame && frame.ch !== CHANNEL) return
    buffer.push(frame)
    cancelFlush ??= later(flush, FLUSH_MS)
  }

  const closed = () => {
    cancelSilence()
    cancelFlush?.()
    cancelFlush = undefined
    if (ended) return
    bars?.closed()
    target.fold(buffer)
    buffer = []
    target.connect('retrying')
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt++)
    cancelRetry = later(start, pause * (0.75 + random() / 2))
  }

  const start = () => {
    wire = open({ opened, said, closed })
  }

  start()
  return () => {
    ended = true
    cancelRetry()
    cancelSilence()
    cancelFlush?.()
    wire?.close()
  }
}

/** The address of the socket beside the page. */
export function socketAddress({ protocol, host }: { readonly protocol: string; readonly host: string }): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`
}

function readFrame(text: unknown): Frame | undefined {
  try {
    const frame = JSON.parse(String(text)) as { op?: unknown } | null
    return typeof frame?.op === 'string' && ops.includes(frame.op) ? (frame as Frame) : undefined
  } catch {
    // Expected: SyntaxError on a frame that is not ours. It is ignored like an unknown one.
    return undefined
  }
}

const ops: readonly string[] = ['ack', 'snap', 'delta', 'hb', 'gap', 'err']
