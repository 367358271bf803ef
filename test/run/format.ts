/** `npm run format`: writes what Biome can mend by itself. */
import { runProgram } from './program.ts';
import { biomeFile } from './static-checks.ts';

process.exitCode = await runProgram(biomeFile(), ['check', '--write', '.']);
