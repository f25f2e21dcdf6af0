#!/usr/bin/env node
"use strict";
// A script, not a module: Node starts its loader of modules only where it meets one, and that takes
// longer than our own code does.
const { main } = require("../dist/cli.cjs");

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
