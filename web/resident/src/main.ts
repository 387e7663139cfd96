import '@lifang/kit/tokens.css'
import 'vant/es/style/base.css'
import './style.css'
import { followShade, i18n } from '@lifang/kit'
import { createApp } from 'vue'
import App from './App.vue'
import { startBox } from './net/box'
import { startLive } from './net/live'
import { begin } from './net/session'
import { startUnsaved } from './net/unsaved'
import { startUpdates } from './net/update'
import { comeBack } from './net/wechat'
import { router } from './router'
import './prefs'
import './words'

followShade()
await begin()
await comeBack()
createApp(App).use(i18n).use(router).mount('#app')
startBox()
startLive()
startUpdates()
startUnsaved()

