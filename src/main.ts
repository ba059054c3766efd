#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { runCommand } from './commands/run-command.js';

// V8 lets garbage grow to several times what lives before it collects; here that share is most of the resident memory.
setFlagsFromString('--heap-growing-percent=60');

process.exitCode = await runCommand(process.argv.slice(2));
