import { mount } from 'svelte';
import { language } from '$lib/messages/language';
import App from './App.svelte';
import './app.css';

document.documentElement.lang = language;
const target = document.getElementById('app');
if (target) mount(App, { target });
