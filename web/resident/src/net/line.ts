// Is there a line? The browser's word, as a value that pages can watch.
import { ref } from 'vue'

export const online = ref(navigator.onLine)
window.addEventListener('online', () => (online.value = true))
window.addEventListener('offline', () => (online.value = false))
