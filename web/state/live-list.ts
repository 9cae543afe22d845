import { create } from 'zustand'
import { emptyList, foldFrame, takeSnapshot, type Frame, type OpportunityList } from './opportunity-list.ts'
import type { Opportunity } from '../api.ts'

/** `open` frames arrive; `connecting` the first attempt; `retrying` the connection broke or never stood and is tried again. */
export type Connection = 'connecting' | 'open' | 'retrying'

interface LiveList {
  readonly list: OpportunityList
  readonly connection: Connection
  /** When the last frame arrived, by this machine's clock. */
  readonly frameAt: number | undefined
  /** When the connection was lost; undefined while it stands. */
  readonly lostAt: number | undefined
  readonly fold: (frames: readonly Frame[], at: number) => void
  readonly replace: (list: OpportunityList) => void
  /** A list read over REST while the socket is away; an older one than we have is ignored. */
  readonly read: (epoch: string, seq: number, rows: readonly Opportunity[]) => void
  readonly connect: (connection: Connection, at: number) => void
}

/** The live list of the page: one socket feeds it, rows subscribe to their own opportunity. */
export const useLiveList = create<LiveList>()((set) => ({
  list: emptyList,
  connection: 'connecting',
  frameAt: undefined,
  lostAt: undefined,
  fold: (frames, at) => set(({ list }) => ({ list: frames.reduce(foldFrame, list), frameAt: at })),
  replace: (list) => set({ list }),
  read: (epoch, seq, rows) =>
    set(({ list, connection }) => {
      const older = list.epoch === epoch && seq <= list.seq
      if (older || (connection === 'open' && list.phase === 'current')) return {}
      // While a resume is under way the socket answers from the number it was given: only a list nobody asked about may move it.
      return { list: { ...takeSnapshot(list, epoch, seq, rows), phase: connection === 'open' ? list.phase : 'waiting' } }
    }),
  connect: (connection, at) => set((state) => ({ connection, lostAt: connection === 'open' ? undefined : (state.lostAt ?? at) })),
}))
