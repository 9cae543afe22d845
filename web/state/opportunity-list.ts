import type { Opportunity } from '../api.ts'

/** Frames of the socket's `opportunities` channel (spec intraday §15.2). */
export type Frame =
  | { readonly op: 'ack'; readonly id: string; readonly ch: string; readonly epoch: string; readonly seq: number; readonly mode: 'resume' | 'snapshot' }
  | { readonly op: 'snap'; readonly ch: string; readonly epoch: string; readonly seq: number; readonly data: readonly Opportunity[] }
  | {
      readonly op: 'delta'
      readonly ch: string
      readonly epoch: string
      readonly seq: number
      readonly data: { readonly type: string; readonly opp: Opportunity }
    }
  | { readonly op: 'hb'; readonly ts: number; readonly seqs: Readonly<Record<string, number>> }
  | { readonly op: 'gap'; readonly ch: string; readonly from: number; readonly to: number }
  | { readonly op: 'err'; readonly id?: string; readonly code: string; readonly detail?: unknown }

/**
 * The list as far as it is known. `phase`:
 * `waiting` asked and not yet answered, deltas do not count; `current` every delta so far is in;
 * `behind` some deltas are missing, ask to resume from `seq`; `lost` the log is another one or was cut, ask for a snapshot.
 */
export interface OpportunityList {
  readonly phase: 'waiting' | 'current' | 'behind' | 'lost'
  readonly epoch: string | undefined
  readonly seq: number
  readonly byId: ReadonlyMap<string, Opportunity>
  /** Shown order: open ones by discovery, newest first, then the ended ones likewise. A price update moves nothing. */
  readonly ids: readonly string[]
  /** Time of the newest event in epoch ms: "now" of a replayed session. */
  readonly eventAt: number | undefined
}

export const CHANNEL = 'opportunities'

export const emptyList: OpportunityList = { phase: 'waiting', epoch: undefined, seq: 0, byId: new Map(), ids: [], eventAt: undefined }

/** The list after one frame. Frames of other channels change nothing. */
export function foldFrame(list: OpportunityList, frame: Frame): OpportunityList {
  switch (frame.op) {
    case 'snap':
      return frame.ch === CHANNEL ? takeSnapshot(list, frame.epoch, frame.seq, frame.data) : list
    case 'delta':
      return frame.ch === CHANNEL ? foldDelta(list, frame) : list
    case 'ack':
      return frame.ch === CHANNEL && frame.mode === 'resume' && frame.epoch === list.epoch ? { ...list, phase: 'current' } : list
    case 'gap':
      return frame.ch === CHANNEL ? { ...list, phase: 'lost' } : list
    case 'hb':
      return foldHeartbeat(list, frame.seqs[CHANNEL])
    case 'err':
      return list
    default:
      return frame satisfies never
  }
}

/** What was missing has been asked for. */
export function asked(list: OpportunityList): OpportunityList {
  return { ...list, phase: 'waiting' }
}

/** The whole list as of `seq`; rows that did not change keep their identity, so that their cells are not drawn again. */
export function takeSnapshot(list: OpportunityList, epoch: string, seq: number, rows: readonly Opportunity[]): OpportunityList {
  const byId = new Map(
    rows.map((row) => {
      const before = list.byId.get(row.id)
      return [row.id, before !== undefined && before.updatedAt === row.updatedAt && before.state === row.state ? before : row]
    }),
  )
  return { phase: 'current', epoch, seq, byId, ids: ordered(byId), eventAt: newest(byId.values()) }
}

function foldDelta(list: OpportunityList, { epoch, seq, data: { opp } }: Extract<Frame, { op: 'delta' }>): OpportunityList {
  if (list.phase !== 'current') return list
  if (epoch !== list.epoch) return { ...list, phase: 'lost' }
  if (seq <= list.seq) return list
  if (seq !== list.seq + 1) return { ...list, phase: 'behind' }
  const before = list.byId.get(opp.id)
  const byId = new Map(list.byId).set(opp.id, opp)
  const moves = before === undefined || (before.state === 'ended') !== (opp.state === 'ended') || before.discoveredAt !== opp.discoveredAt
  return { ...list, seq, byId, ids: moves ? ordered(byId) : list.ids, eventAt: Math.max(list.eventAt ?? 0, opp.updatedAt) }
}

/** Frames keep their order, so a heartbeat that knows a later number than we do tells of deltas that never came. */
function foldHeartbeat(list: OpportunityList, seq: number | undefined): OpportunityList {
  if (seq === undefined || list.phase !== 'current' || seq === list.seq) return list
  return { ...list, phase: seq > list.seq ? 'behind' : 'lost' }
}

function ordered(byId: ReadonlyMap<string, Opportunity>): readonly string[] {
  return [...byId.values()]
    .toSorted((a, b) => Number(a.state === 'ended') - Number(b.state === 'ended') || b.discoveredAt - a.discoveredAt || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)
}

function newest(rows: Iterable<Opportunity>): number | undefined {
  let at: number | undefined
  for (const { updatedAt } of rows) at = Math.max(at ?? 0, updatedAt)
  return at
}
