import { create } from 'zustand'

/** The list PgUp/PgDn and j/k walk through on the stock page: the candidates as they were last shown, and where the cursor stood. */
interface Walk {
  readonly codes: readonly string[]
  readonly at: string | undefined
  readonly show: (codes: readonly string[]) => void
}

export const useWalk = create<Walk>()((set) => ({
  codes: [],
  at: undefined,
  show: (codes) => set({ codes }),
}))
