import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from './format.ts'
import { en } from './text/en.ts'
import { zhCN } from './text/zh-CN.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zhCN }
  }
}

/** Start the catalogues in a language; both are in the bundle, so switching needs no network. */
export async function startText(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  })
}

/** Show the pages in another language from now on. */
export async function changeText(language: Language): Promise<void> {
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

/** The side of a label of the server that this language reads. */
export function labelIn(language: Language, label: { readonly zh: string; readonly en: string }): string {
  return language === 'zh-CN' ? label.zh : label.en
}
