import { createApp } from 'vue'
import { followShade, i18n, knowDeskProblems } from '@lifang/kit'
import App from './App.vue'
import { router } from './router'
import './style.css'

followShade()
knowDeskProblems()
createApp(App).use(i18n).use(router).mount('#app')
