import { strategyCandidates } from './strategy_candidates.ts'

export const adsTables = [strategyCandidates] as const
