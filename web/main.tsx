import '@fontsource-variable/jetbrains-mono/wght.css'
import '@fontsource-variable/noto-sans-sc/wght.css'
import './base.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startLiveList } from './live-source.ts'
import { router } from './router.tsx'
import { useSettings } from './state/settings-store.ts'
import { changeText, startText } from './text.ts'
import { followTheme } from './use-tokens.ts'

const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 5_000 } } })

followTheme()
useSettings.subscribe(({ language }, before) => {
  if (language !== before.language) void changeText(language)
})
document.documentElement.lang = useSettings.getState().language
await startText(useSettings.getState().language)
startLiveList()

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
