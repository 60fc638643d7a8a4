// Zod tries `new Function` when the first schema is made, which our content security policy forbids and reports. It reads
// this setting from here. This module is a file of its own in the build, so that it runs before any schema.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
