import { createApp } from 'vue'
import { createRouter, createWebHashHistory } from 'vue-router'
import App from './App.vue'
import './style.css'
import { i18n } from './words'

// The place that is looked at stands in the address, so that going back and a bookmark work.
const nothing = { render: () => null }
const router = createRouter({ history: createWebHashHistory('/cockpit/'), routes: [{ path: '/:place?/:floor?', component: nothing }] })
createApp(App).use(i18n).use(router).mount('#app')
