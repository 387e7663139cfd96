import { createApp } from 'vue'
import { followShade, i18n } from '@lifang/kit'
import App from './App.vue'
import { router } from './router'
import './style.css'

followShade()
createApp(App).use(i18n).use(router).mount('#app')
