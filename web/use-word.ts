import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { zhCN } from './text/zh-CN.ts'

/** Parts of the catalogue whose names are codes the server sends. */
type WordPart = {
  [Part in keyof typeof zhCN]: Part extends
    | 'boards'
    | 'filters'
    | 'verdicts'
    | 'roles'
    | 'roleMarks'
    | 'roleScores'
    | 'flips'
    | 'outcomes'
    | 'sides'
    | 'statuses'
    | 'metrics'
    | 'detectors'
    | 'endReasons'
    | 'bandFlags'
    | 'runStates'
    ? Part
    : never
}[keyof typeof zhCN]

/** A server's code in the page's language where the catalogue knows it, else the code itself: a new status is shown, not hidden. */
export function useWord(): (part: WordPart, code: string) => string {
  const { t, i18n } = useTranslation()
  return useCallback((part, code) => (i18n.exists(`${part}.${code}`) ? t(`${part}.${code}` as 'boards.main') : code), [t, i18n])
}
