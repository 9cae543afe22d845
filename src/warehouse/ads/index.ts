import { adsCandidateDaily } from './ads_candidate_daily.ts'

export const adsTables = [adsCandidateDaily] as const
