#!/usr/bin/env node
// The same program; it goes by the name that it was called by.
require("./cryoscope.cjs");
