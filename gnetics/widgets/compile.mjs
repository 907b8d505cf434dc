// `make templates`: every .vue of the package into one ES module, so that browsers load neither Vue's compiler nor the sources.
// Usage: node compile.mjs <folder of node_modules> <output>
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

const [modules, output] = process.argv.slice(2);
const load = createRequire(resolve(modules, 'index.js'));
const { compileTemplate, parse, rewriteDefault } = load('@vue/compiler-sfc');
const { transformSync } = load('esbuild');
const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

// as ipyvue does in the browser: the `ref` that Vuetify's activators hand over is no property of the element
const PRELUDE = `import * as vue from 'vue';
const plain = (props) => {
  const guarded = vue.guardReactiveProps(props);
  if (!guarded || !vue.isRef(guarded.ref)) return guarded;
  const { ref, ...rest } = guarded;
  return rest;
};
const Vue = { ...vue, guardReactiveProps: plain, mergeProps: (...all) => vue.mergeProps(...all.map(plain)) };
const styled = new Set();
// when a component is first made: after the sheets of Vuetify, which it amends
const dress = (name, css) => () => {
  if (styled.has(name)) return;
  styled.add(name);
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
};
`;

// what a template imports, as compiled.py reads it too where a browser compiles it: a module of ours is written into it,
// another template is a part of it, a constant of the bundle that stands before it
const MODULE = /^import \{[^}]*\} from '(\.{1,2}\/[\w./-]+\.mjs)';$/gm;
const PART = /^import (\w+) from '(\.{1,2}\/[\w./-]+\.vue)';$/gm;

const read = (file) => readFileSync(join(root, file), 'utf8');
const beside = (file, path) => join(dirname(file), path);
const written = (file) => read(file).replace(MODULE, (_, path) => read(beside(file, path)).replace(/^export /gm, ''));
const parts = (file) => [...read(file).matchAll(PART)].map(([, , path]) => beside(file, path));
const whole = (file) => [written(file), ...parts(file).map(whole)].join('');
const digest = (file) => createHash('sha256').update(whole(file)).digest('hex');

function compiled(file) {
  const source = written(file).replace(PART, (_, name, path) => `const ${name} = ${basename(path, '.vue')};`);
  const name = basename(file, '.vue');
  const { descriptor, errors } = parse(source, { filename: file });
  const made = compileTemplate({
    id: name,
    filename: file,
    source: descriptor.template.content,
    isProd: true,
    compilerOptions: { mode: 'function', prefixIdentifiers: true },
  });
  const wrong = [...errors, ...made.errors];
  if (wrong.length) throw new Error(`${file}: ${wrong.map((each) => each.message ?? each).join('\n')}`);
  const script = descriptor.script ? rewriteDefault(descriptor.script.content, 'own') : 'const own = {};';
  const sheet = descriptor.styles.map((each) => each.content).join('\n');
  const css = JSON.stringify(transformSync(sheet, { loader: 'css', minifyWhitespace: true, charset: 'utf8' }).code);
  const dressed = `mixins: [{ beforeCreate: dress('${name}', ${css}) }]`;
  const body = `${script}\nconst render = (() => {${made.code}})();\nreturn { ...own, render, ${dressed} };`;
  return [`// ${name} ${digest(file)}`, `export const ${name} = (() => {${body}})();`];
}

function inOrderOfNeed(files) {
  const ordered = new Set();
  const add = (file) => {
    parts(file).forEach(add);
    ordered.add(file);
  };
  files.forEach(add);
  return [...ordered];
}

const byName = (one, other) => (basename(one) < basename(other) ? -1 : 1);
const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith('.vue'));
const all = inOrderOfNeed(files.sort(byName)).map(compiled);
const bundle = [PRELUDE, ...all.map(([, code]) => code)].join('\n');
const { code } = transformSync(bundle, { minify: true, format: 'esm', target: 'es2022', charset: 'utf8' });
writeFileSync(output, [...all.map(([digest]) => digest), code].join('\n'));
