import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import type { ListSettings } from '../../membership/roster.ts';
import type { PresetName } from '../../message/requests/request.ts';
import { size } from './quantities.ts';

const presets = join(import.meta.dirname, '../../../presets');

const preset = z.strictObject({
  title: z.string().min(1),
  kind: z.literal(['private', 'public']),
  includes: z.array(z.string()),
  maximum_size: size,
  outer_subject: z.literal(['hidden', 'shown-if-clear']),
  copies: z.literal(['shared', 'unlinkable']),
  clear_to_reporter: z.literal(['never', 'per-message', 'if-reported-in-clear']),
  maximum_embargo_days: z.int().min(0),
});

/** A list's settings but for its name and address, from `presets/NAME.toml`, which ships with embargod. */
export async function loadPreset(
  name: PresetName,
): Promise<Omit<ListSettings, 'name' | 'address' | 'since'>> {
  const values = preset.parse(parse(await readFile(join(presets, `${name}.toml`), 'utf8')));
  return {
    preset: name,
    kind: values.kind,
    title: values.title,
    includes: values.includes,
    maximumSize: values.maximum_size,
    outerSubject: values.outer_subject,
    copies: values.copies,
    clearToReporter: values.clear_to_reporter,
    maximumEmbargoDays: values.maximum_embargo_days,
  };
}
