// What is wrong in a template or a script, whatever its form, which is Prettier's. FRONT is the folder of node_modules.
import { createRequire } from 'node:module';

const load = createRequire(`${process.env.FRONT}/index.js`);
const js = load('@eslint/js');
const vue = load('eslint-plugin-vue');
const globals = load('globals');

export default [
  { ignores: ['gnetics/widgets/bundle/**'] },
  js.configs.recommended,
  ...vue.configs['flat/essential'],
  {
    languageOptions: { globals: globals.browser },
    rules: { 'vue/multi-word-component-names': 'off', 'vue/no-v-html': 'error' }, // our components are no elements of HTML
  },
  { files: ['**/compile.mjs'], languageOptions: { globals: globals.node } },
];
