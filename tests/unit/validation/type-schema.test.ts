import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { addKeywords } from '#src/validation/keywords.js';
import { formats } from '#src/validation/primitive.js';
import { typeSchema } from '#src/validation/type-schema.js';

const paths = ['Patient', 'Observation', 'Bundle', 'Parameters', 'Questionnaire.item', 'Extension', 'Timing.repeat'];

describe('the schema of a type', () => {
  test.each(paths)('%s is one, in the strict sense', (path) => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, formats: { ...formats } });
    addKeywords(
      ajv,
      () => ajv.compile({}),
      (type): type is string => typeof type === 'string',
    );
    expect(ajv.compile(typeSchema(path))({ colour: 'blue' })).toBe(false);
  });
});
