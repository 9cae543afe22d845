import { create } from 'zustand'
import { readStored, writeStored } from '../storage.ts'
import { readSettings, type Settings } from './settings.ts'

interface SettingsStore extends Settings {
  readonly choose: (change: Partial<Settings>) => void
}

/** The settings of this browser, shared by all pages; `choose` remembers what it is told. */
export const useSettings = create<SettingsStore>()((set, get) => ({
  ...readSettings(readStored('settings'), typeof navigator === 'undefined' ? [] : navigator.languages),
  choose(change) {
    set(change)
    const { language, theme, prices } = get()
    writeStored('settings', { language, theme, prices })
  },
}))
