// `umbrascope engine`: the database itself: its tables, its process, and a line to it.
import { Command } from 'commander';
import { copyCommand } from './engine/copy.ts';
import { groupCommand } from './engine/group.ts';
import { retainCommand } from './engine/retain.ts';
import { schemaCommand } from './engine/schema.ts';
import { shellCommand } from './engine/shell.ts';
import { startCommand, stopCommand } from './engine/start.ts';
import { statusCommand } from './engine/status.ts';

export function engineCommand(): Command {
  return new Command('engine')
    .addCommand(schemaCommand())
    .addCommand(copyCommand())
    .addCommand(retainCommand())
    .addCommand(groupCommand())
    .addCommand(startCommand())
    .addCommand(stopCommand())
    .addCommand(statusCommand())
    .addCommand(shellCommand());
}
