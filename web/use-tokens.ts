import { useMemo, useSyncExternalStore } from 'react'
import { useSettings } from './state/settings-store.ts'
import { applyTokens, tokensOf, toneOf, type Tokens } from './theme.ts'

const systemLight = matchMedia('(prefers-color-scheme: light)')

/** Keep the document's tokens equal to the settings and, when so chosen, to the system. */
export function followTheme(): void {
  const apply = () => {
    const { theme, prices } = useSettings.getState()
    applyTokens(document.documentElement, tokensOf(theme, prices, systemLight.matches), toneOf(theme, systemLight.matches))
  }
  apply()
  useSettings.subscribe(apply)
  systemLight.addEventListener('change', apply)
}

/** The tokens of now, for what is drawn on a canvas. */
export function useTokens(): Tokens {
  const { theme, prices } = useSettings()
  const light = useSyncExternalStore(watchSystem, () => systemLight.matches)
  return useMemo(() => tokensOf(theme, prices, light), [theme, prices, light])
}

function watchSystem(changed: () => void): () => void {
  systemLight.addEventListener('change', changed)
  return () => systemLight.removeEventListener('change', changed)
}
