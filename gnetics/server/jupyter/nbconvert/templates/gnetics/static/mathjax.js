// Voilà's front end insists on a MathJax, by default from another host; « 10 $ et 20 $ » in a note is no formula.
window.MathJax = { Hub: { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } }, Ajax: {}, InputJax: { TeX: {} } };
