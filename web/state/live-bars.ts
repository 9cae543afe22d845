/** A bar of the running session as the socket tells it: end label in epoch ms, prices unadjusted in CNY, volume in shares, amount in CNY. */
export interface LiveBar {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly amount: number
  readonly final: boolean
}

/** Frames of a `kline:{symbol}:{interval}` channel (spec intraday §15.2, simulator §18.2); heartbeats belong to every channel. */
export type BarFrame =
  | { readonly op: 'ack'; readonly id: string; readonly ch: string; readonly epoch: string; readonly seq: number; readonly mode: 'resume' | 'snapshot' }
  | { readonly op: 'snap'; readonly ch: string; readonly epoch: string; readonly seq: number; readonly data: readonly LiveBar[] }
  | {
      readonly op: 'delta'
      readonly ch: string
      readonly epoch: string
      readonly seq: number
      readonly data: { readonly type: 'forming' | 'final'; readonly bar: LiveBar }
    }
  | { readonly op: 'gap'; readonly ch: string; readonly from: number; readonly to: number }

/**
 * The session's bars of one channel as far as they are known. `phase`: `waiting` asked and not answered; `current` every delta so far is in;
 * `behind` some are missing, ask to resume from `seq`; `lost` the numbering is another one, ask for a snapshot; `refused` there is no such channel.
 */
export interface LiveBars {
  readonly phase: 'waiting' | 'current' | 'behind' | 'lost' | 'refused'
  readonly epoch: string | undefined
  readonly seq: number
  /** Ascending by time; only the last one may be unfinished. */
  readonly bars: readonly LiveBar[]
}

export const noLiveBars: LiveBars = { phase: 'waiting', epoch: undefined, seq: 0, bars: [] }

/** The bars after one frame of their channel. */
export function foldBarFrame(live: LiveBars, frame: BarFrame): LiveBars {
  switch (frame.op) {
    case 'snap':
      return { phase: 'current', epoch: frame.epoch, seq: frame.seq, bars: frame.data }
    case 'ack':
      return frame.mode === 'resume' && frame.epoch === live.epoch ? { ...live, phase: 'current' } : live
    case 'gap':
      return { ...live, phase: 'waiting' }
    case 'delta':
      if (live.phase !== 'current') return live
      if (frame.epoch !== live.epoch) return { ...live, phase: 'lost' }
      if (frame.seq <= live.seq) return live
      if (frame.seq !== live.seq + 1) return { ...live, phase: 'behind' }
      return { ...live, seq: frame.seq, bars: withBar(live.bars, frame.data.bar) }
    default:
      return frame satisfies never
  }
}

/** A heartbeat tells the channel's number: a later one than ours means deltas that never came. */
export function foldBarBeat(live: LiveBars, seq: number | undefined): LiveBars {
  if (seq === undefined || live.phase !== 'current' || seq === live.seq) return live
  return { ...live, phase: seq > live.seq ? 'behind' : 'lost' }
}

/** A final bar may be told while a later one is forming: it goes to its place. */
function withBar(bars: readonly LiveBar[], bar: LiveBar): readonly LiveBar[] {
  const at = bars.findLastIndex(({ time }) => time <= bar.time)
  return bars[at]?.time === bar.time ? bars.with(at, bar) : bars.toSpliced(at + 1, 0, bar)
}
