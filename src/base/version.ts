/** The version of this build. A test keeps it equal to package.json. */
export const version = "0.1.0";
